package org.lugha.autograd;

/** How a tape stores what its ops keep for backward. */
public enum Saved {
    /** As it is. */
    EXACT,

    /**
     * F32 intermediates rounded to BF16, which is half the memory, and widened again where backward
     * asks for them: a relative error of at most 1/256 in each number of theirs. Computation stays
     * F32 and the loss does not change; gradients do a little. Parameters, constants, other types
     * and what an op says must stay exact are kept as they are.
     *
     * <p>A tensor is let go in favour of its rounded copy when the scope it belongs to closes, as
     * that of a {@link org.lugha.nn.Module} does; what is computed outside of any module lives as
     * long as the tape, and nothing is gained there. {@link Recompute} keeps its inputs exact, so
     * that it changes no bit here either.
     */
    BF16
}
