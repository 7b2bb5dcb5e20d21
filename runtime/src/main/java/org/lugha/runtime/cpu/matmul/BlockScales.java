package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Absmax;
import org.lugha.runtime.cpu.lane.Floats;

/** The numbers of an {@link Absmax}; codes and table are absent where they are plain. */
record BlockScales(
        MemorySegment values,
        MemorySegment codes,
        MemorySegment table,
        int blockShift,
        float offset) {

    static BlockScales of(Absmax absmax) {
        return switch (absmax) {
            case Absmax.Plain p ->
                    new BlockScales(p.values().memory(), Floats.NONE, Floats.NONE, 0, 0);
            case Absmax.Nested n ->
                    new BlockScales(
                            n.absmax().memory(),
                            n.codes().memory(),
                            n.table().memory(),
                            Integer.numberOfTrailingZeros(n.blockSize()),
                            Floats.get(n.offset().memory(), 0));
        };
    }

    /** That of a block. */
    float at(long block) {
        if (!Floats.isGiven(codes)) {
            return Floats.get(values, 4 * block);
        }
        float value = Floats.get(table, 4L * (codes.get(JAVA_BYTE, block) & 255));
        return value * Floats.get(values, 4 * (block >>> blockShift)) + offset;
    }
}
