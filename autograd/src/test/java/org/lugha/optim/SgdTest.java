package org.lugha.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;

class SgdTest {
    /** torch.optim.SGD at lr 1e-2 on {@link Regression}, three steps in double precision. */
    @Test
    void threeStepsAsInPyTorch() {
        try (Regression r = Regression.of(DType.F64);
                Sgd sgd = new Sgd(r.parameters())) {
            for (int i = 0; i < 3; i++) {
                r.backward();
                sgd.update(2e-2, 0.5);
                assertFalse(r.w().hasGradient());
            }
            assertArrayEquals(
                    new double[] {
                        0.06714490917968752,
                        -0.8699910131835937,
                        1.4760697270507812,
                        0.2243315329589844
                    },
                    r.w().value().toArray(),
                    1e-12);
            assertArrayEquals(
                    new double[] {0.721665361328125, -0.6671074033203125},
                    r.b().value().toArray(),
                    1e-12);
            assertEquals(3, sgd.step());
            sgd.restore(9, sgd.state());
            assertEquals(9, sgd.step());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sgd.restore(1, Map.of("w.exp_avg", Tensors.randn(1, 1))));
        }
    }
}
