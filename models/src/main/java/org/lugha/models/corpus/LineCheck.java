package org.lugha.models.corpus;

import java.util.Set;
import java.util.function.BiConsumer;
import org.lugha.models.RequestException;
import org.lugha.models.corpus.Finding.Level;
import org.lugha.models.corpus.TextCheck.Fault;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleFile;
import tools.jackson.databind.JsonNode;

/** Whether a line has what its format asks for. */
final class LineCheck {
    static final Fault FIELD = new Fault(Level.ERROR, "field");
    static final Fault EMPTY = new Fault(Level.ERROR, "empty");
    static final Fault ROLE = new Fault(Level.ERROR, "role");
    static final Fault IDS = new Fault(Level.ERROR, "ids");
    static final Fault COPY = new Fault(Level.WARNING, "copy");
    static final Fault UNCOUNTED = new Fault(Level.WARNING, "uncounted");

    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

    private final String format;
    private final int vocabulary;

    /** {@code vocabulary} bounds ids; 0 where it is not known. */
    LineCheck(String format, int vocabulary) {
        this.format = format;
        this.vocabulary = vocabulary;
    }

    void check(ExampleFile.Line line, BiConsumer<Fault, String> found) {
        switch (format) {
            case "completion" -> completion(line.value(), found);
            case "translation" -> translation(line.value(), found);
            case "chat" -> chat(line.value(), "messages", found);
            case "segments" -> segments(line.value(), found);
            case "ids" -> ids(line, found);
            default -> filled(line.value(), "text", found);
        }
    }

    private static void translation(JsonNode line, BiConsumer<Fault, String> found) {
        filled(line, "src_lang", found);
        filled(line, "tgt_lang", found);
        String src = filled(line, "src", found);
        String tgt = filled(line, "tgt", found);
        if (src != null && tgt != null && src.strip().equals(tgt.strip())) {
            found.accept(COPY, "src and tgt are the same text");
        }
    }

    /** Texts, or lists of messages. */
    private static void completion(JsonNode line, BiConsumer<Fault, String> found) {
        if (line.path("prompt").isArray()) {
            messages(line, "prompt", found);
            messages(line, "completion", found);
        } else {
            text(line, "prompt", found);
            filled(line, "completion", found);
        }
    }

    private static void chat(JsonNode line, String key, BiConsumer<Fault, String> found) {
        if (messages(line, key, found) == 0) {
            found.accept(UNCOUNTED, "has no assistant's turn; loss: assistant counts none of it");
        }
    }

    /** The number of the assistant's turns, or -1 where there is no list. */
    private static int messages(JsonNode line, String key, BiConsumer<Fault, String> found) {
        JsonNode messages = line.path(key);
        if (!messages.isArray() || messages.isEmpty()) {
            found.accept(
                    messages.isArray() ? EMPTY : FIELD,
                    "needs \"" + key + "\" as a list of at least one {\"role\", \"content\"}");
            return -1;
        }
        int answers = 0;
        for (int i = 0; i < messages.size(); i++) {
            String role = messages.get(i).path("role").asString("");
            answers += role.equals("assistant") ? 1 : 0;
            message(messages.get(i), role, key + "[" + i + "]", found);
        }
        return answers;
    }

    private static void message(
            JsonNode message, String role, String at, BiConsumer<Fault, String> found) {
        if (!ROLES.contains(role)) {
            found.accept(
                    ROLE,
                    at
                            + (role.isEmpty()
                                    ? " has no role"
                                    : " has the unknown role '" + role + "'")
                            + "; use system, user, assistant or tool");
        }
        JsonNode content = message.path("content");
        if (content.isString() && content.stringValue().isBlank() && !calls(message)) {
            found.accept(EMPTY, at + " is empty");
        } else if (!content.isString() && !content.isArray() && !calls(message)) {
            found.accept(FIELD, at + " needs \"content\" as text" + got(message.get("content")));
        }
    }

    private static boolean calls(JsonNode message) {
        return message.path("tool_calls").isArray();
    }

    private static void segments(JsonNode line, BiConsumer<Fault, String> found) {
        JsonNode segments = line.path("segments");
        if (!segments.isArray() || segments.isEmpty()) {
            found.accept(
                    segments.isArray() ? EMPTY : FIELD,
                    "needs \"segments\" as a list of at least one {\"text\", \"train\"}");
            return;
        }
        boolean trained = false;
        for (int i = 0; i < segments.size(); i++) {
            JsonNode segment = segments.get(i);
            JsonNode text = segment.path("text");
            String at = "segments[" + i + "]";
            if (!text.isString()) {
                found.accept(FIELD, at + " needs \"text\" as text" + got(segment.get("text")));
            }
            if (!segment.path("train").isBoolean()) {
                found.accept(
                        FIELD,
                        at + " needs \"train\" as true or false" + got(segment.get("train")));
            }
            trained |= segment.path("train").asBoolean(false) && !text.asString("").isEmpty();
        }
        if (!trained) {
            found.accept(UNCOUNTED, "has no segment with text and \"train\": true");
        }
    }

    private void ids(ExampleFile.Line line, BiConsumer<Fault, String> found) {
        try {
            Example e = Encoder.ids(line, "");
            if (e.ids().length == 0) {
                found.accept(EMPTY, "has no input_ids");
            } else if (e.counted() == 0) {
                found.accept(UNCOUNTED, "has no label that counts");
            }
            if (vocabulary > 0) {
                line.requireIds(e, vocabulary);
            }
        } catch (RequestException e) {
            found.accept(IDS, FileCheck.without(new Place(line.file(), line.number()), e));
        }
    }

    private static String text(JsonNode line, String key, BiConsumer<Fault, String> found) {
        JsonNode v = line.get(key);
        if (v == null || !v.isString()) {
            found.accept(FIELD, "needs \"" + key + "\" as text" + got(v));
            return null;
        }
        return v.stringValue();
    }

    private static String filled(JsonNode line, String key, BiConsumer<Fault, String> found) {
        String s = text(line, key, found);
        if (s != null && s.isBlank()) {
            found.accept(EMPTY, key + " is empty");
        }
        return s;
    }

    private static String got(JsonNode v) {
        if (v == null) {
            return "";
        }
        String s = v.toString();
        return ", got " + (s.length() <= 60 ? s : s.substring(0, 60) + "...");
    }
}
