package org.lugha.models.evaluate;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.lugha.models.CausalLM;
import org.lugha.models.Tokens;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleFile;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/**
 * The loss of each line of a file, as {@code lugha score} reports it. Lines hold {@code text} (all
 * tokens count but the first), {@code prompt} and {@code completion} (the completion and its end
 * token count), or {@code input_ids} with optional {@code labels} and {@code attention_mask}.
 */
public final class Scorer {
    private final CausalLM model;
    private final Encoder encoder;

    /**
     * The loss of one line in nats.
     *
     * @param nll summed over the counted tokens
     * @param bitsPerByte {@code nll / ln 2 / bytes of UTF-8}; for lines of text in which something
     *     counts
     */
    public record Score(double nll, int counted, OptionalDouble bitsPerByte) {
        /** Mean over the counted tokens; empty when nothing counts. */
        public OptionalDouble loss() {
            return counted == 0 ? OptionalDouble.empty() : OptionalDouble.of(nll / counted);
        }
    }

    /** One line's tokens, as far as they are not padding, and its full length with padding. */
    public record Row(Example example, int length, int textBytes) {}

    public Scorer(CausalLM model, Encoder encoder) {
        this.model = model;
        this.encoder = encoder;
    }

    /**
     * Tokens and labels of a line.
     *
     * @throws org.lugha.models.RequestException naming file and line
     */
    public Row row(ExampleFile.Line line) {
        Row row = read(line);
        line.requireIds(row.example(), model.vocabularySize());
        return row;
    }

    private Row read(ExampleFile.Line line) {
        if (line.value().has("input_ids")) {
            Example e = Encoder.ids(line, "");
            return new Row(e, line.value().get("input_ids").size(), 0);
        }
        if (encoder.tokenizer() == null) {
            throw line.wrong(
                    "holds no input_ids, and the model's folder has no tokenizer.json for text");
        }
        if (line.value().has("prompt")) {
            Example e = encoder.completion(line.text("prompt"), line.text("completion"), "");
            return new Row(e, e.ids().length, 0);
        }
        if (!line.value().has("text")) {
            throw line.wrong("needs text, prompt and completion, or input_ids");
        }
        String text = line.text("text");
        int[] ids = encoder.tokenizer().encode(text).ids();
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return new Row(new Example(ids, ids, ""), ids.length, bytes);
    }

    /** The loss of one row. */
    public Score score(Row row) {
        Example e = row.example();
        double sum = 0;
        int[][] labels = {e.labels()};
        double[] each = model.nll(Tokens.rows(e.ids()), labels)[0];
        for (double nll : each) {
            sum += nll;
        }
        int counted = each.length;
        OptionalDouble bits =
                row.textBytes() == 0 || counted == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(sum / Math.log(2) / row.textBytes());
        return new Score(sum, counted, bits);
    }

    /**
     * Writes F32 tensors {@code logits.0}, {@code logits.1}, ... of {@code [T,V]}, one row at a
     * time. Rows behind the end of a padded line are 0.
     */
    public void writeLogits(List<Row> rows, Path file) {
        Map<String, Source> tensors = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            long[] shape = {row.length(), model.vocabularySize()};
            tensors.put("logits." + i, new Source(Dtype.F32, shape, out -> write(row, out)));
        }
        SafeTensors.write(file, tensors);
    }

    private void write(Row row, WritableByteChannel out) throws IOException {
        long bytes = (long) row.length() * model.vocabularySize() * Float.BYTES;
        try (Arena arena = Arena.ofConfined();
                var _ = Scope.open("logits")) {
            MemorySegment buffer = arena.allocate(Math.max(1, bytes));
            if (row.example().ids().length > 0) {
                Tensor logits = model.logits(row.example().ids());
                for (long i = 0, n = logits.count(); i < n; i++) {
                    buffer.set(ValueLayout.JAVA_FLOAT, i * Float.BYTES, (float) logits.get(i));
                }
            }
            Source.of(Dtype.F32, new long[] {bytes / Float.BYTES}, buffer.asSlice(0, bytes))
                    .content()
                    .writeTo(out);
        }
    }
}
