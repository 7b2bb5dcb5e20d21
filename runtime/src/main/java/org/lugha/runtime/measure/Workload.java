package org.lugha.runtime.measure;

import org.lugha.runtime.Device;

/**
 * A case that can run.
 *
 * @param flop floating-point operations of one run, by the formula: what a faster algorithm would
 *     skip still counts
 * @param bytes what must cross memory at least: every operand read once, every result written once
 */
public record Workload(Case what, double flop, double bytes, Setup setup) {

    /** Makes the operands of a case. */
    @FunctionalInterface
    public interface Setup {
        /** Operands on {@code device}, owned by the open scope; what it returns runs once. */
        Runnable on(Device device);
    }
}
