package org.lugha.models.peft;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;

/**
 * A LoRA adapter's files as they lie, for what needs no model: its pairs of matrices by the path of
 * their layer, and all other tensors.
 */
final class LoraFolder implements AutoCloseable {
    static final String A = ".lora_A.weight";
    static final String B = ".lora_B.weight";

    private final Path path;
    private final ConfigJson config;
    private final PeftConfig method;
    private final SafeTensors tensors;

    /**
     * The two matrices of a layer: rows of A, {@code [r][in]}, and columns of B, {@code [r][out]}.
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pair(double[][] a, double[][] b) {
        int rank() {
            return a.length;
        }

        int in() {
            return a[0].length;
        }

        int out() {
            return b[0].length;
        }
    }

    private LoraFolder(Path path, ConfigJson config, PeftConfig method, SafeTensors tensors) {
        this.path = path;
        this.config = config;
        this.method = method;
        this.tensors = tensors;
    }

    /** Refuses other methods, and files whose matrices do not belong together. */
    static LoraFolder open(Path path) {
        PeftConfig method = PeftFiles.read(path);
        if (!(method instanceof Lora) && !(method instanceof DyLora)) {
            throw new RequestException(
                    "adapter "
                            + path
                            + ": expected one of LoRA or DyLoRA, got "
                            + method.getClass().getSimpleName());
        }
        SafeTensors tensors = SafeTensors.open(PeftFiles.weights(path));
        LoraFolder folder =
                new LoraFolder(
                        path, ConfigJson.read(path.resolve(PeftFiles.CONFIG)), method, tensors);
        try {
            folder.requirePairs();
            return folder;
        } catch (RuntimeException e) {
            tensors.close();
            throw e;
        }
    }

    private void requirePairs() {
        List<String> wrong = new ArrayList<>();
        tensors.entries()
                .forEach((key, e) -> {
                    if (key.endsWith(A)) {
                        Entry b = tensors.entries().get(twin(key));
                        int rank = lora().rank(layer(key));
                        if (b == null) {
                            wrong.add("no " + twin(key));
                        } else if (e.shape().length != 2
                                || b.shape().length != 2
                                || !isFloat(e)
                                || !isFloat(b)
                                || e.shape()[0] != rank
                                || b.shape()[1] != rank) {
                            wrong.add(e + " and " + b + " (the rank is " + rank + ")");
                        }
                    }
                });
        if (!wrong.isEmpty() || layers().isEmpty()) {
            throw new RequestException(
                    "adapter "
                            + path
                            + ": the tensors do not fit "
                            + PeftFiles.CONFIG
                            + ": "
                            + (wrong.isEmpty()
                                    ? "no " + A.substring(1) + " among them"
                                    : ModelFiles.listed(wrong)));
        }
    }

    private static boolean isFloat(Entry e) {
        return switch (e.dtype()) {
            case F32, F64, BF16, F16 -> true;
            default -> false;
        };
    }

    Path path() {
        return path;
    }

    ConfigJson config() {
        return config;
    }

    Lora lora() {
        return method instanceof DyLora(Lora all, _) ? all : (Lora) method;
    }

    /** Whether DyLoRA trained it. */
    boolean hasEveryRank() {
        return method instanceof DyLora;
    }

    /** Paths of the layers with a pair, as the model has them. */
    List<String> layers() {
        return tensors.entries().keySet().stream()
                .filter(k -> k.endsWith(A))
                .map(LoraFolder::layer)
                .sorted()
                .toList();
    }

    Pair pair(String layer) {
        Entry a = entry(layer, A);
        Entry b = entry(layer, B);
        int rank = Math.toIntExact(a.shape()[0]);
        int in = Math.toIntExact(a.shape()[1]);
        int out = Math.toIntExact(b.shape()[0]);
        double[][] rows = new double[rank][in];
        double[][] columns = new double[rank][out];
        for (int r = 0; r < rank; r++) {
            for (int i = 0; i < in; i++) {
                rows[r][i] = at(a, (long) r * in + i);
            }
            for (int o = 0; o < out; o++) {
                columns[r][o] = at(b, (long) o * rank + r);
            }
        }
        return new Pair(rows, columns);
    }

    /** The shapes of A and B. */
    long[] sizes(String layer) {
        long[] a = entry(layer, A).shape();
        return new long[] {a[0], a[1], entry(layer, B).shape()[0]};
    }

    /** Tensors that belong to no pair. */
    SequencedMap<String, Entry> others() {
        SequencedMap<String, Entry> all = new LinkedHashMap<>(tensors.entries());
        all.keySet().removeIf(k -> k.endsWith(A) || k.endsWith(B));
        return all;
    }

    /** Every tensor. */
    SequencedMap<String, Entry> entries() {
        return new LinkedHashMap<>(tensors.entries());
    }

    private Entry entry(String layer, String end) {
        Entry e = tensors.entries().get(key(layer, end));
        return e != null ? e : tensors.entries().get(layer + end);
    }

    static String key(String layer, String end) {
        return PeftConfig.MODEL_PREFIX + layer + end;
    }

    private static String twin(String key) {
        return key.substring(0, key.length() - A.length()) + B;
    }

    private static String layer(String key) {
        String path = key.substring(0, key.length() - A.length());
        return path.startsWith(PeftConfig.MODEL_PREFIX)
                ? path.substring(PeftConfig.MODEL_PREFIX.length())
                : path;
    }

    private static double at(Entry e, long i) {
        return DType.valueOf(e.dtype().name()).get(e.data(), i);
    }

    /** F32 {@code [r, in]} from rows. */
    static Source rows(double[][] rows) {
        return source(rows.length, rows[0].length, (r, i) -> rows[r][i]);
    }

    /** F32 {@code [out, r]} from columns. */
    static Source columns(double[][] columns) {
        return source(columns[0].length, columns.length, (o, r) -> columns[r][o]);
    }

    private interface At {
        double of(int row, int column);
    }

    private static Source source(int rows, int columns, At at) {
        long bytes = Shape.of(rows, columns).count() * Float.BYTES;
        MemorySegment data = MemorySegment.ofArray(new float[Math.toIntExact(bytes / Float.BYTES)]);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                data.setAtIndex(
                        ValueLayout.JAVA_FLOAT, (long) r * columns + c, (float) at.of(r, c));
            }
        }
        return Source.of(Dtype.F32, new long[] {rows, columns}, data);
    }

    @Override
    public void close() {
        tensors.close();
    }
}
