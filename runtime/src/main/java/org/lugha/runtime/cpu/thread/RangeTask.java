package org.lugha.runtime.cpu.thread;

/** Work on elements {@code from} (inclusive) to {@code to} (exclusive); see {@link Workers}. */
@FunctionalInterface
public interface RangeTask {
    void run(long from, long to);
}
