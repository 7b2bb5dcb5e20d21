package org.lugha.runtime.cpu;

/** Work on elements {@code from} (inclusive) to {@code to} (exclusive); see {@link Workers}. */
@FunctionalInterface
interface RangeTask {
    void run(long from, long to);
}
