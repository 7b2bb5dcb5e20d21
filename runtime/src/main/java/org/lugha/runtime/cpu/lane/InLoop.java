package org.lugha.runtime.cpu.lane;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/**
 * The exponential of loops that read and write much. In one sweep the processor computes while it
 * waits for memory; {@link Powers}, in several sweeps over strips, does one after the other. Bits
 * change their type in memory for the reason given there, by way of two vectors of scratch that the
 * processor forwards from its store buffer.
 *
 * <p>The loops write the exponential out: past the inlining budget of the JIT a call in a loop
 * stays a call, and its vectors are boxed. They all read
 *
 * <pre>{@code
 * LEAST <= u <= 88
 * k = u LOG2_E + MAGIC        rounds; the low bits are those of the exponent k + 127
 * 2^k = bits(k) << 23         through scratch
 * r = u - (k - MAGIC) ln 2
 * e = (1 + r + r^2 (E1 + E2 r + E3 r^2 + E4 r^3 + E5 r^4)) 2^k       error at most 1 ulp
 * }</pre>
 */
public final class InLoop {
    /** The least argument; its exponential is the smallest normal number. */
    public static final float LEAST = -87.33654f;

    /** 1.5 * 2^23 rounds to an integer, 127 is the exponent's bias. */
    public static final float MAGIC = 12_583_039f;

    public static final float LOG2_E = 1.442695f;

    /** So few bits that its product with an exponent is exact. */
    public static final float LN2_HIGH = -0.6933594f;

    public static final float LN2_LOW = 2.1219444e-4f;
    public static final float E1 = 0.49999994f;
    public static final float E2 = 0.16666521f;
    public static final float E3 = 0.04166839f;
    public static final float E4 = 0.008368745f;
    public static final float E5 = 0.0013814539f;

    private InLoop() {}

    /** Two vectors for bits that change their type. */
    public static MemorySegment scratch() {
        return Scratch.mine().of(Purpose.EXPONENTS, 2 * Floats.BYTES);
    }
}
