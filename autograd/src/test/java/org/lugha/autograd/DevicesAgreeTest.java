package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.op.Attention;
import org.lugha.autograd.op.LinearCrossEntropy;
import org.lugha.autograd.op.LowRank;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Unary;

/** Gradients of two layers with LoRA in F32: the cpu's against the definition, and its own bits. */
class DevicesAgreeTest {
    private static final int HOT = 300;
    private static final int TOKENS = 13;
    private static final int WIDTH = 24;
    private static final int WORDS = 37;

    @Test
    void cpuAndReferenceAgreeAndTheCpuKeepsItsBits() {
        double[][] expected = gradients(Devices.get("reference"));
        Device cpu = Devices.get("cpu");
        double[][] cold = gradients(cpu);
        for (int i = 0; i < expected.length; i++) {
            double error = relative(expected[i], cold[i]);
            assertTrue(error < 1e-5, "parameter " + i + " is off by " + error);
        }
        Device pooled = pooledCpu();
        for (int run = 0; run < HOT; run++) {
            double[][] hot = gradients(pooled);
            for (int i = 0; i < cold.length; i++) {
                assertArrayEquals(cold[i], hot[i], 0, "run " + run + ", parameter " + i);
            }
        }
    }

    /** With the memory that users get, which is many times quicker than that of tests. */
    private static Device pooledCpu() {
        String before = System.setProperty("lugha.memory", "pooled");
        try {
            return Devices.providers().stream()
                    .filter(p -> p.name().equals("cpu"))
                    .findFirst()
                    .orElseThrow()
                    .open(0);
        } finally {
            System.setProperty("lugha.memory", before == null ? "pooled" : before);
        }
    }

    private static double relative(double[] expected, double[] actual) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(expected[i] - actual[i], 2);
            size += expected[i] * expected[i];
        }
        assertTrue(size > 0, "no gradient");
        return Math.sqrt(difference / size);
    }

    private static double[][] gradients(Device device) {
        List<Parameter> all = new ArrayList<>();
        try (var _ = Scope.open("run");
                var _ = Tape.open()) {
            Var x = parameter(all, device, TOKENS, WIDTH).dropout(0.1, 5);
            for (int layer = 0; layer < 2; layer++) {
                x = layer(x, all, device);
            }
            Var head = parameter(all, device, WORDS, WIDTH);
            Tensor labels =
                    Tensor.generate(device, DType.I32, Shape.of(TOKENS), i -> i * 5 % WORDS);
            new LinearCrossEntropy(1.0 / TOKENS).apply(x, head, Var.of(labels)).backward();
            return all.stream().map(p -> p.gradient().toArray()).toArray(double[][]::new);
        } finally {
            all.forEach(Parameter::close);
        }
    }

    private static Var layer(Var x, List<Parameter> all, Device device) {
        Var h = x.rmsNorm(parameter(all, device, WIDTH), 1e-6);
        Var qkv = adapted(h, all, device, WIDTH).view(1, TOKENS, 2, WIDTH / 2);
        Var seen = new Attention(0.3, Mask.causal()).apply(qkv, qkv, qkv).view(TOKENS, WIDTH);
        Var mid = x.add(adapted(seen, all, device, WIDTH));
        Var gate = adapted(mid, all, device, 40);
        Var up = mid.linear(parameter(all, device, 40, WIDTH), parameter(all, device, 40));
        return mid.add(adapted(gate.gate(Unary.SILU, up), all, device, WIDTH));
    }

    private static Var adapted(Var x, List<Parameter> all, Device device, int out) {
        int in = x.shape().last();
        Var y = x.linear(parameter(all, device, out, in));
        return new LowRank(2)
                .apply(y, x, parameter(all, device, 4, in), parameter(all, device, out, 4));
    }

    private static Parameter parameter(List<Parameter> all, Device device, int... dims) {
        long seed = Philox.derive(1, all.size());
        Tensor t = Tensor.rand(device, DType.F32, Shape.of(dims), -0.25, 0.25, seed);
        all.add(Parameter.of("p" + all.size(), t));
        return all.getLast();
    }
}
