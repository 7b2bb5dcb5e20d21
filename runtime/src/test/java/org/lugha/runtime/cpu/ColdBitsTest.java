package org.lugha.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;
import org.lugha.runtime.spi.Unary;

/** A kernel gives the same bits interpreted and compiled, so the first step equals the last. */
class ColdBitsTest {
    private static final int ROWS = 5;
    private static final int WIDTH = 107;

    @Test
    void interpreted_and_compiled_give_the_same_bits() throws IOException, InterruptedException {
        String cold = interpreted();
        String hot = "";
        for (int i = 0; i < 700; i++) {
            hot = bits();
        }
        assertEquals(cold, hot);
    }

    /** Prints {@link #bits}; for a JVM that compiles nothing. */
    public static void main(String[] args) {
        System.out.println(bits());
    }

    private static String interpreted() throws IOException, InterruptedException {
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xint",
                                "--add-modules=jdk.incubator.vector",
                                "-Dlugha.vector.bits=" + Lanes.N * 32,
                                "-cp",
                                System.getProperty("java.class.path"),
                                ColdBitsTest.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String out = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor());
        return out.strip();
    }

    /** One hash a kernel of what it wrote. */
    private static String bits() {
        Device cpu = Devices.get("cpu");
        Kernels k = cpu.kernels();
        StringBuilder all = new StringBuilder();
        try (var _ = Scope.open("bits")) {
            Tensor x = Tensor.rand(cpu, DType.F32, Shape.of(ROWS, WIDTH), -9, 9, 1);
            Tensor dy = Tensor.rand(cpu, DType.F32, Shape.of(ROWS, WIDTH), -1, 1, 2);
            Tensor w = Tensor.rand(cpu, DType.F32, Shape.of(WIDTH), -1, 1, 3);
            Tensor y = x.emptyLike();
            Into to = Into.overwrite(y);
            for (Unary f : Unary.values()) {
                k.elementwise().unary(f, x, to);
                add(all, f.name(), y);
                k.elementwise().unaryBackward(f, x, dy, to);
                add(all, f + "'", y);
            }
            k.elementwise().softCap(30, x, to);
            add(all, "softCap", y);
            k.norm().rms(x, w, 1, 1e-5, to, null);
            add(all, "rms", y);
            k.softmax().forward(x, to);
            add(all, "softmax", y);
            k.softmax().backward(y.copy(DType.F32), dy, to);
            add(all, "softmax'", y);
            Tensor one = Tensor.empty(cpu, DType.F32, Shape.of(1));
            k.reduce().sum(x, Into.overwrite(one));
            add(all, "sum", one);
            k.reduce().sumOfSquares(x, Into.overwrite(one));
            add(all, "squares", one);
            Tensor square = Tensor.empty(cpu, DType.F32, Shape.of(ROWS, ROWS));
            k.matmul().gemm(false, true, 1, x, dy, Into.overwrite(square));
            add(all, "matmul", square);
            quant(k, x, all);
            Scores plain = Scores.scaled(0.1, Mask.causal());
            attention(k, x.view(1, ROWS, 1, WIDTH), Scores.scaled(0.001, Mask.causal()), all);
            attention(k, x.view(1, ROWS, 1, WIDTH), plain.withSoftCap(5), all);
            attention(k, x.view(1, ROWS, 1, WIDTH), plain.withSlopes(0.3f), all);
            decode(k, x.view(1, ROWS, 1, WIDTH), plain.withSoftCap(3).withSlopes(0.3f), all);
            loss(k, x, w.view(1, WIDTH), all);
            AdamStep step = new AdamStep(0.1, 0.9, 0.99, 1e-8, 0.1, 3, 1);
            Tensor m = dy.copy(DType.F32);
            k.elementwise().mul(dy, dy, to);
            k.optimizer().adamW(step, dy, Into.add(x), Into.add(m), Into.add(y), null);
            add(all, "adamW", x);
        }
        return all.toString().strip();
    }

    private static void quant(Kernels k, Tensor x, StringBuilder all) {
        Tensor y = x.emptyLike();
        Tensor few = Tensor.empty(x.device(), DType.F32, Shape.of(ROWS, ROWS));
        Tensor many = Tensor.rand(x.device(), DType.F32, Shape.of(33, WIDTH), -1, 1, 6);
        Tensor c = Tensor.empty(x.device(), DType.F32, Shape.of(33, ROWS));
        for (Quantized w :
                List.of(Quantized.int8(x), Quantized.nf4(x, 16), Quantized.nf4(x, 64, 16))) {
            k.quant().dequantize(w, Into.overwrite(y));
            add(all, "dequantize", y);
            k.quant().gemm(false, true, 1, x, w, Into.overwrite(few));
            add(all, "few rows", few);
            k.quant().gemm(false, true, 1, many, w, Into.overwrite(c));
            add(all, "rows", c);
        }
        for (DType half : new DType[] {DType.BF16, DType.F16}) {
            Tensor w = x.copy(half);
            add(all, half.name(), w);
            k.matmul().gemm(false, true, 1, x, w, Into.overwrite(few));
            add(all, "few rows", few);
            k.matmul().gemm(false, true, 1, many, w, Into.overwrite(c));
            add(all, "rows", c);
        }
    }

    private static void decode(Kernels k, Tensor x, Scores scores, StringBuilder all) {
        Tensor y = Tensor.empty(x.device(), DType.F32, Shape.of(1, 1, 1, WIDTH));
        Tensor q = x.slice(1, 1, 2);
        k.attention().forward(q, x, x, scores, Into.overwrite(y), null);
        add(all, "decode", y);
    }

    private static void attention(Kernels k, Tensor x, Scores scores, StringBuilder all) {
        Tensor y = x.emptyLike();
        Tensor lse = Tensor.empty(x.device(), DType.F32, Shape.of(1, 1, ROWS));
        k.attention().forward(x, x, x, scores, Into.overwrite(y), Into.overwrite(lse));
        add(all, "attention", y);
        Tensor dq = x.emptyLike();
        Tensor dk = x.emptyLike();
        Tensor dv = x.emptyLike();
        k.attention()
                .backward(
                        x,
                        x,
                        x,
                        scores,
                        y,
                        lse,
                        x,
                        Into.overwrite(dq),
                        Into.overwrite(dk),
                        Into.overwrite(dv));
        add(all, "dq", dq);
        add(all, "dk", dk);
        add(all, "dv", dv);
    }

    private static void loss(Kernels k, Tensor h, Tensor row, StringBuilder all) {
        Tensor labels = Tensor.of(h.device(), Shape.of(ROWS), 0, 2, 1, 36, 9);
        Tensor nll = Tensor.empty(h.device(), DType.F32, Shape.of(ROWS));
        Tensor lse = nll.emptyLike();
        Tensor dh = h.emptyLike();
        Tensor w = Tensor.rand(h.device(), DType.F32, Shape.of(37, WIDTH), -1, 1, 5);
        k.loss()
                .forward(
                        h,
                        w,
                        labels,
                        2,
                        Into.overwrite(nll),
                        Into.overwrite(lse),
                        Into.overwrite(dh));
        add(all, "nll", nll);
        add(all, "dh", dh);
        Tensor dw = w.emptyLike();
        k.loss().weightGradient(h, w, labels, 2, lse, 0.5, Into.overwrite(dw));
        add(all, "dw", dw);
        k.loss().logits(h, labels, 0.1, Into.overwrite(nll), Into.overwrite(lse));
        add(all, "nll of logits", nll);
        k.loss().logitsGradient(h, labels, 0.1, lse, 0.5, Into.overwrite(dh));
        add(all, "dz", dh);
        k.elementwise().addRow(h, row.view(WIDTH), Into.overwrite(dh));
        add(all, "addRow", dh);
        k.elementwise().mulRow(h, row.view(WIDTH), Into.overwrite(dh));
        add(all, "mulRow", dh);
        Tensor teacher = Tensor.rand(h.device(), DType.F32, h.shape(), -9, 9, 6);
        Into dt = Into.overwrite(teacher.emptyLike());
        k.loss().divergence(h, teacher, 2, Into.overwrite(nll), Into.overwrite(dh), dt);
        add(all, "kl", nll);
        add(all, "dz of kl", dh);
        add(all, "dt of kl", dt.tensor());
    }

    private static void add(StringBuilder all, String what, Tensor t) {
        int hash = 1;
        for (long i = 0; i < t.count(); i++) {
            hash = 31 * hash + Float.floatToRawIntBits((float) t.get(i));
        }
        all.append(String.format(Locale.ROOT, "%s %08x ", what, hash));
    }
}
