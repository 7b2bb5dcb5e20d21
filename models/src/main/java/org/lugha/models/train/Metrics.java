package org.lugha.models.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.lugha.models.RequestException;
import org.lugha.models.data.ExampleStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** metrics.jsonl: a line a step, written as it happens, and kept for the report. */
public final class Metrics implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * One optimizer step.
     *
     * @param loss mean over all counted tokens of the step, micro-batches together
     * @param gradNorm global L2 norm before clipping
     * @param lr used in this step
     * @param tokens without padding
     */
    public record Step(
            int step,
            double loss,
            double gradNorm,
            double lr,
            long tokens,
            long counted,
            double tokensPerSecond) {
        /** How long it took. */
        public double seconds() {
            return tokens / tokensPerSecond;
        }
    }

    /**
     * What was measured after a step, 0 being before the first.
     *
     * @param loss mean over the evaluation data
     * @param figures {@code loss}, {@code counted_tokens} and what else was asked, the same by
     *     {@code languages} where there are several, and {@code samples}
     */
    public record Evaluation(int step, double loss, long counted, ObjectNode figures) {
        static Evaluation of(int step, JsonNode figures) {
            return new Evaluation(
                    step,
                    figures.get("loss").doubleValue(),
                    figures.get("counted_tokens").longValue(),
                    figures.asObject());
        }

        /** The loss alone. */
        public static Evaluation of(int step, double loss, long counted) {
            ObjectNode o = JSON.createObjectNode();
            return of(step, o.put("loss", loss).put("counted_tokens", counted));
        }
    }

    private final Path file;
    private final FileChannel out;
    private final List<Step> steps = new ArrayList<>();
    private final List<Evaluation> evaluations = new ArrayList<>();

    /** A new file; one that is there is emptied. */
    public Metrics(Path file) {
        this(file, 0);
    }

    /** Goes on after so many bytes of a file, and forgets what follows them. */
    Metrics(Path file, long bytes) {
        this.file = file;
        try {
            out =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (out.size() < bytes) {
                out.close();
                throw new RequestException(
                        file
                                + ": is shorter than when the checkpoint was written; start again"
                                + " with --overwrite");
            }
            out.truncate(bytes);
            ByteBuffer old = ByteBuffer.allocate(Math.toIntExact(bytes));
            while (old.hasRemaining() && out.read(old) >= 0) {
                // until all of it is there
            }
            new String(old.array(), UTF_8).lines().forEach(this::remember);
            out.position(bytes);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void remember(String line) {
        try {
            JsonNode o = JSON.readTree(line);
            int step = o.get("step").intValue();
            if (o.has("eval")) {
                evaluations.add(Evaluation.of(step, o.get("eval")));
            } else if (o.has("loss")) {
                steps.add(
                        new Step(
                                step,
                                o.get("loss").doubleValue(),
                                o.get("grad_norm").doubleValue(),
                                o.get("lr").doubleValue(),
                                o.get("tokens").longValue(),
                                o.get("counted_tokens").longValue(),
                                o.get("tokens_per_s").doubleValue()));
            }
        } catch (JacksonException | NullPointerException e) {
            throw new RequestException(
                    file + ": a line is damaged: " + line + "; start again with --overwrite", e);
        }
    }

    public void add(Step s) {
        steps.add(s);
        ObjectNode o = JSON.createObjectNode();
        o.put("step", s.step());
        o.put("loss", s.loss());
        o.put("grad_norm", s.gradNorm());
        o.put("lr", s.lr());
        o.put("tokens", s.tokens());
        o.put("counted_tokens", s.counted());
        o.put("tokens_per_s", Math.round(s.tokensPerSecond() * 10) / 10.0);
        write(o);
    }

    public void add(Evaluation e) {
        evaluations.add(e);
        ObjectNode o = JSON.createObjectNode();
        o.put("step", e.step());
        o.set("eval", e.figures());
        write(o);
    }

    /** What was drawn of each file so far, beside what was asked. */
    void add(int step, List<ExampleStream.Drawn> drawn) {
        double all = drawn.stream().mapToLong(ExampleStream.Drawn::examples).sum();
        ObjectNode o = JSON.createObjectNode();
        o.put("step", step);
        ArrayNode mix = o.putArray("mix");
        for (ExampleStream.Drawn d : drawn) {
            mix.addObject()
                    .put("path", d.file().path().toString())
                    .put("language", d.file().language())
                    .put("asked", d.asked())
                    .put("share", d.examples() / all)
                    .put("examples", d.examples())
                    .put("tokens", d.tokens())
                    .put("epochs", d.epochs());
        }
        write(o);
    }

    public List<Step> steps() {
        return steps;
    }

    public List<Evaluation> evaluations() {
        return evaluations;
    }

    /** Bytes so far, all of them on the disk when this returns. */
    long synced() {
        try {
            out.force(false);
            return out.position();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void write(ObjectNode line) {
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(
                file + ": cannot be written (" + e.getMessage() + "); is there room?", e);
    }
}
