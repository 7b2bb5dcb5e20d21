package org.lugha.runtime.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;
import org.lugha.runtime.spi.Unary;

/** The definition itself, against numbers worked out on paper. */
class ByHandTest {
    private static final double NEAR = 1e-14;

    private final Device device = Devices.get("reference");
    private final Kernels kernels = device.kernels();
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open("test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor of(Shape shape, double... values) {
        return Tensor.of(device, shape, values);
    }

    private Tensor nan(int... dims) {
        return Tensor.full(device, DType.F64, Shape.of(dims), Double.NaN);
    }

    @Test
    void softmax() {
        Tensor x = of(Shape.of(2, 3), 0, Math.log(2), Math.log(3), 700, 700, 700);
        Tensor y = nan(2, 3);
        kernels.softmax().forward(x, Into.overwrite(y));
        assertArrayEquals(
                new double[] {1 / 6.0, 2 / 6.0, 3 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 3.0},
                y.toArray(),
                NEAR);
        Tensor dx = nan(1, 2);
        kernels.softmax()
                .backward(
                        of(Shape.of(1, 2), 0.25, 0.75),
                        of(Shape.of(1, 2), 1, 5),
                        Into.overwrite(dx));
        assertArrayEquals(new double[] {-0.75, 0.75}, dx.toArray(), NEAR);
    }

    @Test
    void product_with_beta() {
        Tensor a = of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Tensor b = of(Shape.of(2, 3), 1, 0, 1, 0, 1, 0);
        Tensor c = of(Shape.of(2, 2), 10, 20, 30, 40);
        kernels.matmul().gemm(false, true, 2, a, b, new Into(c, 0.5f));
        assertArrayEquals(new double[] {13, 14, 35, 30}, c.toArray(), NEAR);
        kernels.matmul().gemm(true, false, 1, a, b, Into.overwrite(nan(3, 3)));
    }

    @Test
    void rope_by_a_quarter_turn() {
        Tensor x = of(Shape.of(1, 1, 1, 5), 1, 2, 3, 4, 9);
        Tensor positions = Tensor.of(device, Shape.of(1, 1), 1);
        Tensor cos = of(Shape.of(2, 2), 1, 1, 0, 0);
        Tensor sin = of(Shape.of(2, 2), 0, 0, 1, 1);
        Tensor y = nan(1, 1, 1, 5);
        kernels.rope().rotate(x, positions, cos, sin, false, Into.overwrite(y));
        assertArrayEquals(new double[] {-3, -4, 1, 2, 9}, y.toArray(), NEAR);
        Tensor back = nan(1, 1, 1, 5);
        kernels.rope().rotate(y, positions, cos, sin, true, Into.overwrite(back));
        assertArrayEquals(x.toArray(), back.toArray(), NEAR);
    }

    @Test
    void norms() {
        Tensor x = of(Shape.of(1, 2), 3, 4);
        Tensor w = of(Shape.of(2), 1, 2);
        Tensor y = nan(1, 2);
        Tensor r = nan(1);
        kernels.norm().rms(x, w, 0, 0, Into.overwrite(y), Into.overwrite(r));
        double rstd = 1 / Math.sqrt(12.5);
        assertArrayEquals(new double[] {3 * rstd, 8 * rstd}, y.toArray(), NEAR);
        assertEquals(rstd, r.item(), NEAR);
        kernels.norm().layer(x, w, of(Shape.of(2), 10, 20), 0, Into.overwrite(y), null, null);
        assertArrayEquals(new double[] {9, 22}, y.toArray(), NEAR);
        kernels.norm().layer(x, w, null, 0, Into.overwrite(y), null, null);
        assertArrayEquals(new double[] {-1, 2}, y.toArray(), NEAR);
        kernels.norm().rms(x, w, 1, 0, Into.overwrite(y), null);
        assertArrayEquals(new double[] {6 * rstd, 12 * rstd}, y.toArray(), NEAR);
    }

    /** Scores 0 and ln 3 weigh the values 1 : 3; the third key lies in the future. */
    @Test
    void attention() {
        Tensor q = of(Shape.of(1, 1, 1, 1), Math.log(3));
        Tensor k = of(Shape.of(1, 3, 1, 1), 0, 1, 50);
        Tensor v = of(Shape.of(1, 3, 1, 1), 4, 8, 1000);
        Tensor y = nan(1, 1, 1, 1);
        Tensor lse = nan(1, 1, 1);
        Scores scores = Scores.scaled(1, Mask.causal().withOffset(1));
        kernels.attention().forward(q, k, v, scores, Into.overwrite(y), Into.overwrite(lse));
        assertEquals(7, y.item(), NEAR);
        assertEquals(Math.log(4), lse.item(), NEAR);
        Tensor dq = nan(1, 1, 1, 1);
        Tensor dv = nan(1, 3, 1, 1);
        kernels.attention()
                .backward(
                        q,
                        k,
                        v,
                        scores,
                        y,
                        lse,
                        of(Shape.of(1, 1, 1, 1), 1),
                        Into.overwrite(dq),
                        null,
                        Into.overwrite(dv));
        assertArrayEquals(new double[] {0.25, 0.75, 0}, dv.toArray(), NEAR);
        assertEquals(0.75, dq.item(), NEAR);
    }

    /** Capped to ln 3, or leant by ln 3 a key: the same weights 1 : 3. */
    @Test
    void capped_and_sloped_attention() {
        double cap = 2;
        double product = cap * atanh(Math.log(3) / cap);
        Tensor q = of(Shape.of(1, 1, 1, 1), product);
        Tensor k = of(Shape.of(1, 2, 1, 1), 0, 1);
        Tensor v = of(Shape.of(1, 2, 1, 1), 4, 8);
        Tensor y = nan(1, 1, 1, 1);
        Tensor lse = nan(1, 1, 1);
        Scores plain = Scores.scaled(1, Mask.causal().withOffset(1));
        Scores capped = plain.withSoftCap(cap);
        kernels.attention().forward(q, k, v, capped, Into.overwrite(y), Into.overwrite(lse));
        assertEquals(7, y.item(), NEAR);
        assertEquals(Math.log(4), lse.item(), NEAR);
        Tensor none = of(Shape.of(1, 1, 1, 1), 0);
        Scores sloped = plain.withSlopes((float) Math.log(3));
        kernels.attention().forward(none, k, v, sloped, Into.overwrite(y), Into.overwrite(lse));
        assertEquals(7, y.item(), 1e-6);
        assertEquals(Math.log(4.0 / 3), lse.item(), 1e-6);
    }

    private static double atanh(double x) {
        return Math.log((1 + x) / (1 - x)) / 2;
    }

    @Test
    void a_query_that_sees_nothing() {
        Tensor q = of(Shape.of(1, 1, 1, 2), 1, 2);
        Tensor k = of(Shape.of(1, 1, 1, 2), 3, 4);
        Tensor y = nan(1, 1, 1, 2);
        Tensor lse = nan(1, 1, 1);
        Mask none = Mask.full().withSegments(new int[][] {{0}}, new int[][] {{0}});
        Scores scores = Scores.scaled(1, none);
        kernels.attention().forward(q, k, k, scores, Into.overwrite(y), Into.overwrite(lse));
        assertArrayEquals(new double[] {0, 0}, y.toArray());
        assertEquals(Double.NEGATIVE_INFINITY, lse.item());
    }

    /** Logits 0 and ln 3: probabilities 1/4 and 3/4. */
    @Test
    void loss() {
        Tensor h = of(Shape.of(1, 1), 1);
        Tensor w = of(Shape.of(2, 1), 0, Math.log(3));
        Tensor labels = Tensor.of(device, Shape.of(1), 0);
        Tensor nll = nan(1);
        Tensor lse = nan(1);
        Tensor dh = nan(1, 1);
        Tensor dw = nan(2, 1);
        kernels.loss()
                .forward(
                        h,
                        w,
                        labels,
                        0,
                        Into.overwrite(nll),
                        Into.overwrite(lse),
                        Into.overwrite(dh));
        kernels.loss().weightGradient(h, w, labels, 0, lse, 2, Into.overwrite(dw));
        assertEquals(Math.log(4), nll.item(), NEAR);
        assertEquals(Math.log(4), lse.item(), NEAR);
        assertEquals(0.75 * Math.log(3), dh.item(), NEAR);
        assertArrayEquals(new double[] {-1.5, 1.5}, dw.toArray(), NEAR);
    }

    /**
     * Logits 0 and ln 3, half of the label's weight shared by both; the last row does not count.
     */
    @Test
    void loss_of_logits() {
        Tensor z = of(Shape.of(2, 2), 0, Math.log(3), 5, 7);
        Tensor labels = Tensor.of(device, Shape.of(2), 0, -100);
        Tensor nll = nan(2);
        Tensor lse = nan(2);
        Tensor dz = nan(2, 2);
        var kernel = kernels.loss();
        kernel.logits(z, labels, 0.5, Into.overwrite(nll), Into.overwrite(lse));
        kernel.logitsGradient(z, labels, 0.5, lse, 2, Into.overwrite(dz));
        double[] losses = {Math.log(4) - 0.25 * Math.log(3), 0};
        assertArrayEquals(losses, nll.toArray(), NEAR);
        assertArrayEquals(new double[] {Math.log(4), 0}, lse.toArray(), NEAR);
        assertArrayEquals(new double[] {-1, 1, 0, 0}, dz.toArray(), NEAR);
    }

    /** A logit of tanh(1) where the cap is 1, beside one of 0. */
    @Test
    void loss_with_a_soft_cap() {
        Tensor h = of(Shape.of(1, 1), 1);
        Tensor w = of(Shape.of(2, 1), 0, 1);
        Tensor labels = Tensor.of(device, Shape.of(1), 0);
        Tensor lse = nan(1);
        Tensor dh = nan(1, 1);
        kernels.loss().forward(h, w, labels, 1, null, Into.overwrite(lse), Into.overwrite(dh));
        double t = Math.tanh(1);
        assertEquals(Math.log(1 + Math.exp(t)), lse.item(), NEAR);
        assertEquals(Math.exp(t) / (1 + Math.exp(t)) * (1 - t * t), dh.item(), NEAR);
    }

    @Test
    void adam_with_decoupled_decay() {
        AdamStep how = new AdamStep(0.1, 0.9, 0.99, 1e-8, 0.01, 2, 0.5);
        Tensor p = of(Shape.of(1), 2);
        Tensor m = of(Shape.of(1), 0.3);
        Tensor v = of(Shape.of(1), 0.04);
        kernels.optimizer()
                .adamW(how, of(Shape.of(1), 4), Into.add(p), Into.add(m), Into.add(v), null);
        double mean = 0.9 * 0.3 + 0.1 * 2;
        double square = 0.99 * 0.04 + 0.01 * 4;
        assertEquals(mean, m.item(), NEAR);
        assertEquals(square, v.item(), NEAR);
        double update = mean / (1 - 0.81) / (Math.sqrt(square / (1 - 0.9801)) + 1e-8);
        assertEquals(2 - 0.1 * 0.01 * 2 - 0.1 * update, p.item(), NEAR);
    }

    @Test
    void rows_by_number() {
        Tensor table = of(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        Tensor ids = Tensor.of(device, Shape.of(3), 2, 0, 2);
        Tensor y = nan(3, 2);
        kernels.index().gather(table, ids, Into.overwrite(y));
        assertArrayEquals(new double[] {5, 6, 1, 2, 5, 6}, y.toArray());
        kernels.index().scatterAdd(y, ids, new Into(table, 0.5f));
        assertArrayEquals(new double[] {1.5, 3, 1.5, 2, 12.5, 15}, table.toArray());
    }

    /** To 15 digits from Abramowitz and Stegun's tables and their extensions. */
    @Test
    void functions() {
        assertEquals(0.4795001221869535, RefUnary.erfc(0.5), 1e-15);
        assertEquals(0.1572992070502851, RefUnary.erfc(1), 1e-15);
        assertEquals(4.677734981047266e-3, RefUnary.erfc(2), 1e-17);
        assertEquals(2.209049699858544e-5, RefUnary.erfc(3), 1e-19);
        assertEquals(1.537459794428035e-12, RefUnary.erfc(5), 1e-26);
        assertEquals(0.8413447460685429, RefUnary.value(Unary.GELU, 1), 1e-15);
        assertEquals(0.8411919906082768, RefUnary.value(Unary.GELU_TANH, 1), 1e-15);
        assertEquals(0.7310585786300049, RefUnary.value(Unary.SILU, 1), 1e-15);
        assertEquals(Math.log(2), RefUnary.value(Unary.SOFTPLUS, 0), 1e-15);
        assertEquals(800, RefUnary.value(Unary.SOFTPLUS, 800));
        assertEquals(0, RefUnary.slope(Unary.RELU, 0));
    }

    @Test
    void slopes_are_derivatives() {
        for (Unary f : Unary.values()) {
            for (double x = -6; x < 6; x += 0.37) {
                double h = 1e-5;
                double expected = (RefUnary.value(f, x + h) - RefUnary.value(f, x - h)) / (2 * h);
                double actual = RefUnary.slope(f, x);
                assertEquals(expected, actual, 1e-9, f + " at " + x);
            }
        }
    }

    @Test
    void dropout_keeps_the_mean() {
        Tensor x = Tensor.full(device, DType.F64, Shape.of(20_000), 1);
        Tensor y = nan(20_000);
        kernels.elementwise().dropout(0.25, 3, x, Into.overwrite(y));
        double sum = 0;
        for (double value : y.toArray()) {
            assertTrue(value == 0 || value == 1 / 0.75);
            sum += value;
        }
        assertEquals(1, sum / 20_000, 0.02);
    }
}
