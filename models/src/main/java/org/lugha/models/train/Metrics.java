package org.lugha.models.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
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
            double tokensPerSecond) {}

    /** Mean loss over the evaluation data. */
    public record Evaluation(int step, double loss, long counted) {}

    private final Path file;
    private final Writer out;
    private final List<Step> steps = new ArrayList<>();
    private final List<Evaluation> evaluations = new ArrayList<>();

    public Metrics(Path file) {
        this.file = file;
        try {
            out = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw failed(e);
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
        o.putObject("eval").put("loss", e.loss()).put("counted_tokens", e.counted());
        write(o);
    }

    public List<Step> steps() {
        return steps;
    }

    public List<Evaluation> evaluations() {
        return evaluations;
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
            out.write(JSON.writeValueAsString(line));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(
                file + ": cannot be written (" + e.getMessage() + "); is there room?", e);
    }
}
