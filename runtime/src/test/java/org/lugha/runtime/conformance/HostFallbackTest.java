package org.lugha.runtime.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AttentionKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/** A device whose memory the host cannot read, all of whose kernels are fallbacks. */
class HostFallbackTest {
    private final Device device = new OpaqueDevice(Devices.get("reference"));
    private final Rig rig = Rig.fallback(device);

    @Test
    @SuppressWarnings("JUnitMethodInvoked") // on a rig of its own
    void copies_in_and_out_give_what_the_host_gives() {
        new CopyConformanceTest(rig).strides();
        new CopyConformanceTest(rig).strided_fill();
        new ElementwiseConformanceTest(rig).gate();
        new ReduceConformanceTest(rig).sum_rows();
        new MatmulConformanceTest(rig).strides();
        new MatmulConformanceTest(rig).heads();
        new SoftmaxConformanceTest(rig).rows_and_widths();
        new NormConformanceTest(rig).rms();
        new RopeConformanceTest(rig).rotate();
        new AttentionConformanceTest(rig).grouped_heads();
        new IndexConformanceTest(rig).scatter_add();
        new LossConformanceTest(rig).other_types();
        new QuantConformanceTest(rig).products();
        new QuantConformanceTest(rig).quantise_nf4();
        new OptimizerConformanceTest(rig).adam();
    }

    /** Gradients of q, k and v that lie interleaved in one storage must not undo each other. */
    @Test
    void several_strided_results_in_one_storage() {
        rig.trial(
                "interleaved",
                t -> {
                    Tensor x = t.in(2, 5, 3, 4);
                    Tensor lse = t.of(DType.F32, Shape.of(2, 1, 5), _ -> 1);
                    Tensor y = t.in(2, 5, 1, 4);
                    Tensor all = t.in(2, 5, 3, 4);
                    t.check(
                            0,
                            AttentionKernel.class,
                            k ->
                                    k.backward(
                                            x.slice(2, 0, 1),
                                            x.slice(2, 1, 2),
                                            x.slice(2, 2, 3),
                                            Scores.scaled(1, Mask.causal()),
                                            y,
                                            lse,
                                            y,
                                            Into.add(all.slice(2, 0, 1)),
                                            Into.add(all.slice(2, 1, 2)),
                                            Into.overwrite(all.slice(2, 2, 3))));
                });
    }

    @Test
    void tensors_work_on_such_a_device() {
        try (var _ = Scope.open("test")) {
            Tensor t = Tensor.generate(device, DType.F32, Shape.of(3, 4), i -> i);
            assertArrayEquals(
                    new double[] {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11},
                    t.transpose(0, 1).contiguous().toArray());
            assertEquals(5, t.slice(0, 1, 2).slice(1, 1, 2).contiguous().item());
            assertEquals(11, t.view(12).slice(0, 11, 12).item());
            assertThrows(IndexOutOfBoundsException.class, () -> t.get(0));
        }
        assertEquals(0, device.memory().usage().live());
    }

    @Test
    void what_the_kernel_throws_arrives_as_it_is() {
        try (var _ = Scope.open("test")) {
            Tensor t = Tensor.zeros(device, DType.F32, Shape.of(2, 2));
            Tensor ids = Tensor.of(device, Shape.of(1), 7);
            Into y = Into.overwrite(Tensor.zeros(device, DType.F32, Shape.of(1, 2)));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> device.kernels().index().gather(t, ids, y));
        }
    }
}
