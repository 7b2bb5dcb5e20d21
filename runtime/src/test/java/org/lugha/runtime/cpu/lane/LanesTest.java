package org.lugha.runtime.cpu.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

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
}
