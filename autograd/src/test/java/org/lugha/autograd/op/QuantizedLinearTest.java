package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

class QuantizedLinearTest implements Tensors {
    /** Every way a weight may be held. */
    enum Kind {
        INT8,
        NF4,
        NESTED;

        Quantized of(Tensor w) {
            return switch (this) {
                case INT8 -> Quantized.int8(w);
                case NF4 -> Quantized.nf4(w, 16);
                case NESTED -> Quantized.nf4(w, 16, 16);
            };
        }
    }

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("batches") Shape shape,
            @ForAll("extents") int out,
            @ForAll Kind kind,
            @ForAll long seed) {
        Tensor x = Tensors.randn(seed, shape);
        Tensor b = Tensors.randn(seed + 2, out);
        var op = new QuantizedLinear(kind.of(Tensors.randn(seed + 1, out, shape.last())));
        Gradients.check(v -> op.apply(v[0]), x);
        Gradients.check(v -> op.apply(v[0], v[1]), x, b);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("wide") Shape shape,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll Kind kind,
            @ForAll long seed) {
        Quantized w = kind.of(Tensors.randn(seed + 1, out, shape.last()));
        OpAssertions.assertSameOnAllDevices(
                v -> {
                    Device device = v[0].value().device();
                    return new QuantizedLinear(w.map(t -> t.to(device))).apply(v[0], v[1]);
                },
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 2, out));
    }

    @Property
    void isTheProductWithTheWidenedWeight(
            @ForAll("batches") Shape shape, @ForAll("extents") int out, @ForAll Kind kind) {
        Tensor x = Tensors.randn(1, shape);
        Quantized w = kind.of(Tensors.randn(2, out, shape.last()));
        Tensor dense = Tensor.empty(REFERENCE, DType.F64, w.shape());
        REFERENCE.kernels().quant().dequantize(w, Into.overwrite(dense));
        assertArrayEquals(
                Var.of(x).linear(Var.of(dense)).value().toArray(),
                new QuantizedLinear(w).apply(Var.of(x)).value().toArray(),
                1e-12);
    }

    @Test
    void keepsNothing() {
        var op = new QuantizedLinear(Quantized.int8(Tensors.randn(2, 3, 5)));
        boolean[] both = {true, true};
        assertEquals(
                0,
                Gradients.saved(
                        v -> op.apply(v[0], v[1]),
                        both,
                        Tensors.randn(1, 2, 5),
                        Tensors.randn(3, 3)));
    }

    @Test
    void wrongInputsAreNamed() {
        var op = new QuantizedLinear(Quantized.nf4(Tensors.randn(1, 3, 4), 64));
        Var x = Var.of(Tensors.randn(1, 2, 5));
        Var good = Var.of(Tensors.randn(1, 2, 4));
        String name = "QuantizedLinear[nf4 by 64 [3, 4]]";
        Gradients.rejects(() -> op.apply(x), name, "an input of 4 features", "F64[2, 5]@reference");
        Gradients.rejects(() -> op.apply(good, x), name, "a bias of 3 features");
        Tensor elsewhere = Tensor.zeros(Devices.get("cpu"), DType.F32, Shape.of(2, 4));
        Gradients.rejects(() -> op.apply(Var.of(elsewhere)), name, "the weight's device reference");
        assertTrue(
                new QuantizedLinear(Quantized.int8(Tensors.randn(1, 3, 4)))
                        .toString()
                        .contains("int8 [3, 4]"));
    }
}
