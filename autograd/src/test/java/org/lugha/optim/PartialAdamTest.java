package org.lugha.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.TrainedPart;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

class PartialAdamTest {
    private static final int[][] PARTS = {{0, 3}, {0, 1}, {1, 2}, {0, 2}, {0, 1}, {2, 3}};

    private static void step(Parameter p, AdamW adam) {
        try (var _ = Tape.open()) {
            Var v = p;
            v.mul(v).sum().backward();
        }
        adam.update(0.1, 1);
    }

    private static AdamW adam(Parameter p) {
        return new AdamW(List.of(p), 0.9, 0.95, 1e-8, 0.1, true);
    }

    /** Each row or column, alone with an optimizer of its own that sees only its own steps. */
    private static double[] alone(Tensor start, int axis, int index) {
        try (var _ = Scope.open("alone");
                Parameter one =
                        Parameter.of("one", start.slice(axis, index, index + 1).contiguous());
                AdamW adam = adam(one)) {
            for (int[] part : PARTS) {
                if (part[0] <= index && index < part[1]) {
                    step(one, adam);
                }
            }
            return one.value().toArray();
        }
    }

    private static void eachMovesAsIfAlone(DType type, int axis) {
        Tensor start = Tensors.randn(5, 3, 3).copy(type);
        try (Parameter p = Parameter.of("p", start.copy(type))) {
            p.train(new TrainedPart(axis, 0, 3));
            try (AdamW adam = adam(p)) {
                for (int[] part : PARTS) {
                    p.train(new TrainedPart(axis, part[0], part[1]));
                    step(p, adam);
                }
                assertArrayEquals(new double[] {4, 3, 2}, adam.state().get("p.steps").toArray(), 0);
                for (int i = 0; i < 3; i++) {
                    double[] now = p.value().slice(axis, i, i + 1).toArray();
                    assertArrayEquals(alone(start, axis, i), now, "index " + i);
                }
            }
        }
    }

    @Test
    void eachRowMovesAsIfAlone() {
        eachMovesAsIfAlone(DType.F64, 0);
    }

    @Test
    void eachColumnMovesAsIfAlone() {
        eachMovesAsIfAlone(DType.F64, 1);
    }

    @Test
    void masterCopiesTooAreUpdatedInParts() {
        eachMovesAsIfAlone(DType.BF16, 1);
    }

    @Test
    void stateIsRestored() {
        Tensor start = Tensors.randn(5, 3, 3);
        try (Parameter p = Parameter.of("p", start.copy(DType.F64));
                Parameter q = Parameter.of("p", start.copy(DType.F64))) {
            p.train(new TrainedPart(0, 0, 2));
            q.train(new TrainedPart(0, 0, 2));
            try (AdamW one = adam(p);
                    AdamW two = adam(q)) {
                step(p, one);
                step(p, one);
                Map<String, Tensor> saved = new LinkedHashMap<>();
                one.state().forEach((k, t) -> saved.put(k, t.copy(t.dtype())));
                q.bind(p.value().copy(DType.F64));
                two.restore(one.step(), saved);
                p.train(new TrainedPart(0, 0, 3));
                q.train(new TrainedPart(0, 0, 3));
                step(p, one);
                step(q, two);
                assertArrayEquals(p.value().toArray(), q.value().toArray());
                assertEquals(3, two.step());
            }
        }
    }

    @Test
    void partsThatAreNotThereAreRefused() {
        try (Parameter p = Parameter.of("p", Tensors.randn(5, 3, 3))) {
            assertThrows(ShapeException.class, () -> p.train(new TrainedPart(0, 2, 4)));
            assertThrows(ShapeException.class, () -> p.train(new TrainedPart(2, 0, 1)));
            assertThrows(IllegalArgumentException.class, () -> new TrainedPart(0, 1, 1));
        }
    }
}
