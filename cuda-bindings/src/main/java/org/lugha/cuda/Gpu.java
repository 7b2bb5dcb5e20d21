package org.lugha.cuda;

import java.util.Locale;

/**
 * A CUDA device as its driver describes it.
 *
 * @param index the driver's number of it, from 0
 * @param name such as {@code NVIDIA L4}
 * @param major compute capability before the point
 * @param minor compute capability after the point
 * @param memory bytes of device memory
 */
public record Gpu(int index, String name, int major, int minor, long memory) {
    /** For a report: {@code NVIDIA L4 (compute capability 8.9, 22.0 GiB)}. */
    public String words() {
        return String.format(
                Locale.ROOT,
                "%s (compute capability %d.%d, %.1f GiB)",
                name,
                major,
                minor,
                memory / (double) (1 << 30));
    }
}
