package org.lugha.runtime.cpu.lane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.Philox;

class LanesTest {
    @Test
    void sums_are_trees_and_max_is_max() {
        float[] x = new float[Lanes.N];
        for (int i = 0; i < x.length; i++) {
            x[i] = -1 + 2.7f * i / (x.length - 1);
        }
        FloatVector v = FloatVector.fromArray(Lanes.F, x, 0);
        float[] tree = x.clone();
        for (int half = Lanes.N / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                tree[i] += tree[i + half];
            }
        }
        assertEquals(x[Lanes.N - 1], Lanes.max(v));
        for (int i = 0; i < 400; i++) {
            assertEquals(tree[0], Lanes.sum(v), "the same bits cold and hot");
        }
    }

    @Test
    void four_sums_at_once_are_the_same_bits_as_one_by_one() {
        MemorySegment own = Arena.ofAuto().allocate(4L * 4 * Lanes.N, 64);
        MemorySegment sums = Arena.ofAuto().allocate(16);
        float[] expected = new float[4];
        for (int i = 0; i < 400; i++) {
            for (int v = 0; v < 4; v++) {
                for (int j = 0; j < Lanes.N; j++) {
                    Floats.set(own, 4L * (v * Lanes.N + j), Philox.uniform(v, j) - 0.3f);
                }
                expected[v] = Lanes.sum(Floats.load(own, 4L * v * Lanes.N));
            }
            Lanes.sumFour(own, sums);
            assertArrayEquals(expected, sums.toArray(ValueLayout.JAVA_FLOAT));
        }
    }
}
