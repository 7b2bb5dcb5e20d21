package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;

class DropoutTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        for (double p : new double[] {0, 0.5, 0.9}) {
            Gradients.check(v -> new Dropout(p, seed).apply(v[0]), Tensors.randn(seed, shape));
        }
    }

    @Property
    void agreesOnAllDevices(@ForAll("wide") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new Dropout(0.5, seed).apply(v[0]), Tensors.randn(seed, shape));
    }

    @Test
    void theMaskIsAFunctionOfTheSeed() {
        Var x = Var.of(Tensors.randn(1, 100));
        assertArrayEquals(x.dropout(0.5, 3).value().toArray(), x.dropout(0.5, 3).value().toArray());
        assertNotEquals(x.dropout(0.5, 3).sum().item(), x.dropout(0.5, 4).sum().item());
        assertEquals(x, x.dropout(0, 3));
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0,
                Gradients.saved(
                        v -> v[0].dropout(0.5, 1), new boolean[] {true}, Tensors.randn(1, 3, 5)));
    }

    @Test
    void theProbabilityIsChecked() {
        for (double p : new double[] {-0.1, 1, Double.NaN}) {
            String message =
                    assertThrows(IllegalArgumentException.class, () -> new Dropout(p, 0))
                            .getMessage();
            assertEquals("dropout: p must be in [0, 1), got " + p, message);
        }
    }
}
