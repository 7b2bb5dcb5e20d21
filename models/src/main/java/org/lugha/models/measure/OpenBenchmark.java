package org.lugha.models.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.lugha.models.CausalLM;
import org.lugha.models.ModelFiles;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Source;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;

/**
 * Times the opening of a checkpoint in BF16 that it writes to a temporary folder first: the call
 * alone, up to a model that could be asked for its first logits. No tokenizer is part of it.
 */
public final class OpenBenchmark {
    private static final int BUFFER = 1 << 24;

    /**
     * What it took.
     *
     * @param fileBytes of the weights
     * @param firstSeconds of the first call in the process, which loads classes too
     * @param seconds median of the further calls
     * @param heapBytes that the open model keeps on the heap
     * @param deviceBytes that it keeps in the device's memory, mapped files not counted
     */
    public record Outcome(
            long fileBytes,
            double firstSeconds,
            double seconds,
            long heapBytes,
            long deviceBytes) {}

    private OpenBenchmark() {}

    /** Writes, opens {@code rounds + 1} times, and removes what it wrote. */
    public static Outcome run(BenchmarkShape shape, int rounds, Device device) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("lugha-bench");
            write(shape, folder);
            long bytes = Files.size(folder.resolve("model.safetensors"));
            long deviceBefore = device.memory().usage().live();
            double first = open(folder, device);
            double[] seconds = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                seconds[i] = open(folder, device);
            }
            Arrays.sort(seconds);
            long before = heap();
            try (var _ = CausalLM.load(folder, device, DType.BF16)) {
                long kept = Math.max(0, heap() - before);
                long held = device.memory().usage().live() - deviceBefore;
                double median = (seconds[(rounds - 1) / 2] + seconds[rounds / 2]) / 2;
                return new Outcome(bytes, first, median, kept, held);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bench open: writing a checkpoint of its own", e);
        } finally {
            remove(folder);
        }
    }

    private static double open(Path folder, Device device) {
        long since = System.nanoTime();
        CausalLM model = CausalLM.load(folder, device, DType.BF16);
        double seconds = (System.nanoTime() - since) * 1e-9;
        model.close();
        return seconds;
    }

    /** Bytes in use after what nobody holds is gone. */
    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Every tensor is the beginning of one buffer of small random numbers, again and again. */
    private static void write(BenchmarkShape shape, Path folder) {
        try (Arena arena = Arena.ofConfined();
                CausalLM model = shape.declare()) {
            MemorySegment buffer = arena.allocate(BUFFER);
            for (int i = 0; i < BUFFER / 2; i++) {
                int bits = Float.floatToRawIntBits(Philox.uniform(5, i) / 16 - 1 / 32f);
                buffer.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
            }
            Map<String, Source> tensors = new TreeMap<>();
            model.named()
                    .forEach((name, p) -> {
                        int[] dims = p.shape().dims();
                        long[] wide = Arrays.stream(dims).asLongStream().toArray();
                        long bytes = 2 * p.shape().count();
                        tensors.put(
                                name,
                                new Source(Dtype.BF16, wide, out -> repeat(buffer, bytes, out)));
                    });
            var config = model.configJson();
            config.put("torch_dtype", "bfloat16");
            ModelFiles.write(config, tensors, folder);
        }
    }

    private static void repeat(MemorySegment buffer, long bytes, WritableByteChannel out)
            throws IOException {
        for (long left = bytes; left > 0; left -= buffer.byteSize()) {
            var some = buffer.asSlice(0, Math.min(left, buffer.byteSize())).asByteBuffer();
            while (some.hasRemaining()) {
                out.write(some);
            }
        }
    }

    private static void remove(Path folder) {
        if (folder == null) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("bench open: removing " + folder, e);
        }
    }
}
