package org.lugha.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.reference.RefIndex;
import org.lugha.runtime.reference.RefSoftmax;
import org.lugha.runtime.spi.IndexKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.SoftmaxKernel;

/** A family that leaves the fast path says so once, and computes all the same. */
class SlowPathTest {
    private final Device device = Devices.get("cpu");
    private final List<String> said = new ArrayList<>();

    private static double softmax(SoftmaxKernel kernel, Device device, DType type) {
        try (var _ = Scope.open("test")) {
            Tensor x = Tensor.generate(device, type, Shape.of(1, 4), _ -> 0);
            Tensor y = x.emptyLike();
            kernel.forward(x, Into.overwrite(y));
            return y.get(0);
        }
    }

    @Test
    void other_floats_are_announced_once() {
        SoftmaxKernel slow = SlowPath.of(SoftmaxKernel.class, new RefSoftmax(), said::add);
        assertEquals(0.25, softmax(slow, device, DType.F32));
        assertTrue(said.isEmpty(), said::toString);
        assertEquals(0.25, softmax(slow, device, DType.BF16));
        assertEquals(0.25, softmax(slow, device, DType.F64));
        assertEquals(
                List.of("cpu has no SoftmaxKernel for [BF16]: the reference computes it, slowly"),
                said);
    }

    @Test
    void what_the_reference_throws_arrives_as_it_is() {
        IndexKernel slow = SlowPath.of(IndexKernel.class, new RefIndex(), said::add);
        try (var _ = Scope.open("test")) {
            Tensor table = Tensor.generate(device, DType.F64, Shape.of(2, 2), _ -> 0);
            Tensor ids = Tensor.of(device, Shape.of(1), 7);
            Into y = Into.overwrite(Tensor.empty(device, DType.F64, Shape.of(1, 2)));
            assertThrows(IndexOutOfBoundsException.class, () -> slow.gather(table, ids, y));
        }
        assertEquals(1, said.size());
    }
}
