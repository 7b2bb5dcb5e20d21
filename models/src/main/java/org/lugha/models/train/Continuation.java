package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import org.lugha.models.RequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whether a run may be gone on with: what it was begun with, beside what is asked now. */
final class Continuation {
    /** Other values of these would be another run; of all else a note is enough. */
    private static final List<String> SAME =
            List.of("model", "tokenizer", "task", "method", "data", "batch", "precision", "seed");

    private Continuation() {}

    static void require(RunFolder folder, ObjectNode asked, TrainingRun.Listener listener) {
        JsonNode old;
        JsonNode now;
        try {
            old = JsonMapper.shared().readTree(folder.run().toFile());
            now = JsonMapper.shared().readTree(asked.toString()); // the same types of numbers
        } catch (JacksonException e) {
            throw new RequestException(
                    folder.run() + ": is damaged; start again with --overwrite", e);
        }
        JsonNode before = old.path("config");
        List<String> changed = new ArrayList<>();
        for (String key : now.get("config").propertyNames()) {
            JsonNode a = before.path(key);
            JsonNode b = now.get("config").path(key);
            if (!a.equals(b) && SAME.contains(key)) {
                throw new RequestException(
                        "--resume: "
                                + key
                                + " was "
                                + a
                                + " when the run began and is "
                                + b
                                + " now; restore it, or start again with --overwrite");
            }
            if (!a.equals(b) && !key.equals("output")) {
                changed.add(key);
            }
        }
        requireData(old.path("data"), now.get("data"));
        if (!changed.isEmpty()) {
            listener.note(
                    "note: since the run began these have changed, and with them what it gives: "
                            + String.join(", ", changed));
        }
    }

    private static void requireData(JsonNode old, JsonNode now) {
        for (int i = 0; i < now.size(); i++) {
            JsonNode was = old.path(i);
            if (!was.path("sha256").equals(now.get(i).get("sha256"))) {
                throw new RequestException(
                        "--resume: "
                                + now.get(i).get("path").stringValue()
                                + " is not the file that the run began with; restore it, or start"
                                + " again with --overwrite");
            }
        }
    }
}
