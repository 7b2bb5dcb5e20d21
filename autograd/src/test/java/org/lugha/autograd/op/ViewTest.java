package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class ViewTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        int n = (int) shape.count();
        Tensor x = Tensors.randn(seed, shape);
        Gradients.check(v -> v[0].view(n, 1), x);
        Gradients.check(v -> v[0].scale(2).view(n).mul(v[0].view(n)), x);
    }

    @Property
    void agreesOnAllDevices(@ForAll("wide") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].view((int) shape.count(), 1), Tensors.randn(seed, shape));
    }

    @Test
    void copiesNeitherWay() {
        Tensor x = Tensors.randn(1, 3, 5);
        assertEquals(0, Gradients.saved(v -> v[0].view(15), new boolean[] {true}, x));
        assertEquals(x.storage(), Var.of(x).view(5, 3).value().storage());
    }

    @Test
    void anotherNumberOfElementsIsNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        Gradients.rejects(
                () -> x.view(7), "View[shape=[7]]", "as many elements", "F64[2, 3]@reference");
    }
}
