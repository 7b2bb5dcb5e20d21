package org.lugha.models.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of events that TensorBoard shows while it grows. Every start of a run writes a file of its
 * own into the same folder; one that resumes says from which step on earlier events are void, so
 * steps done twice are shown once.
 *
 * <p>Messages (tensorflow/core/util/event.proto, framework/summary.proto): Event {1 wall_time, 2
 * step, 3 file_version, 5 summary, 7 session_log}, Summary {1 value}, Value {1 tag, 2 simple_value,
 * 8 tensor, 9 metadata}, SessionLog {1 status}.
 */
public final class EventFile implements AutoCloseable {
    private static final String PREFIX = "events.out.tfevents.";
    private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "(\\d{1,12})\\..*");
    private static final int SESSION_START = 1;
    private static final int TENSOR_DATA = 2;
    private static final int STRING_TYPE = 7;

    private final RecordFile records;

    private EventFile(RecordFile records) {
        this.records = records;
    }

    /** Begins the first file of a run; the folder is made if it is missing. */
    public static EventFile begin(Path folder) {
        EventFile file = new EventFile(new RecordFile(next(folder)));
        file.add(event(0).text(3, "brain.Event:2"));
        return file;
    }

    /**
     * Begins one more file of a run that goes on.
     *
     * @param step the first that will be done again; earlier files' events from there on are void
     */
    public static EventFile resume(Path folder, long step) {
        EventFile file = begin(folder);
        file.add(event(step).part(7, new Message().integer(1, SESSION_START)));
        return file;
    }

    /** One value, such as {@code train/loss}; curves whose tags share a prefix stand together. */
    public void scalar(String tag, long step, double value) {
        scalars(step, Map.of(tag, value));
    }

    /** Several values of one step, in the map's order. */
    public void scalars(long step, Map<String, Double> values) {
        Message summary = new Message();
        values.forEach(
                (tag, v) -> summary.part(1, new Message().text(1, tag).real32(2, v.floatValue())));
        add(event(step).part(5, summary));
    }

    /** A text, shown as it is, in TensorBoard's tab of texts. */
    public void text(String tag, long step, String text) {
        // The tab reads Markdown, where four blanks keep a line as it is.
        String kept = "    " + text.replace("\n", "\n    ");
        Message shape = new Message().part(2, new Message().integer(1, 1));
        Message tensor = new Message().integer(1, STRING_TYPE).part(2, shape).text(8, kept);
        Message metadata =
                new Message().part(1, new Message().text(1, "text")).integer(4, TENSOR_DATA);
        Message value =
                new Message().text(1, tag + "/text_summary").part(8, tensor).part(9, metadata);
        add(event(step).part(5, new Message().part(1, value)));
    }

    @Override
    public void close() {
        records.close();
    }

    private void add(Message event) {
        records.add(event.toByteArray());
    }

    private static Message event(long step) {
        return new Message().real64(1, System.currentTimeMillis() * 1e-3).integer(2, step);
    }

    /** Files are read in the order of their names, so a name is later than those that are there. */
    private static Path next(Path folder) {
        long seconds = System.currentTimeMillis() / 1000;
        try {
            Files.createDirectories(folder);
            try (Stream<Path> entries = Files.list(folder)) {
                for (Path p : entries.toList()) {
                    Matcher m = NAME.matcher(p.getFileName().toString());
                    if (m.matches()) {
                        seconds = Math.max(seconds, Long.parseLong(m.group(1)) + 1);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder + ": cannot be written (" + e.getMessage() + "); is there room?", e);
        }
        return folder.resolve(String.format(Locale.ROOT, "%s%010d.%s", PREFIX, seconds, host()));
    }

    /** This machine's name without asking any network. */
    private static String host() {
        for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
            String name = System.getenv(variable);
            if (name != null && !name.isBlank()) {
                return name.replaceAll("[^A-Za-z0-9.-]", "-");
            }
        }
        return "localhost";
    }
}
