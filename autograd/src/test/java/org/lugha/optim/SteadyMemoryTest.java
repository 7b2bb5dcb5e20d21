package org.lugha.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Memory;
import org.lugha.runtime.spi.Unary;

/** With pooled memory a training run takes what it needs in its first step, and no more. */
class SteadyMemoryTest {
    private static final Shape SHAPE = Shape.of(256, 1024);

    @Test
    void nothingIsAskedOfTheSystemAfterTheFirstStep() {
        Device device = pooled();
        try (Parameter p = parameter(device, 1);
                Parameter q = parameter(device, 2);
                AdamW adam = new AdamW(List.of(p, q), 0.9, 0.999, 1e-8, 0.01, false)) {
            step(p, q, adam);
            Memory.Usage first = device.memory().usage();
            assertTrue(first.requests() > 1, "one slab does not hold a step: " + first);
            for (int i = 2; i <= 3; i++) {
                step(p, q, adam);
                assertEquals(first, device.memory().usage(), "after step " + i);
            }
        }
        assertEquals(0, device.memory().usage().live());
    }

    private static void step(Parameter p, Parameter q, AdamW adam) {
        try (var _ = Tape.open()) {
            Var x = p;
            for (int layer = 0; layer < 13; layer++) {
                try (Scope scope = Scope.open("layer")) {
                    x = x.add(q.gate(Unary.SILU, x)).rmsNorm(norm(p), 1e-6);
                    scope.yield(x.value());
                }
            }
            x.mul(x).sum().scale(1e-6).backward();
        }
        double norm = GradientNorm.of(adam.parameters());
        adam.update(new Schedule.Constant(0), 1e-3, GradientNorm.clip(norm, 1));
    }

    private static Var norm(Parameter p) {
        return Var.of(Tensor.full(p.value().device(), DType.F64, Shape.of(SHAPE.last()), 1));
    }

    private static Parameter parameter(Device device, int value) {
        try (var _ = Scope.open("load")) {
            return Parameter.of("p" + value, Tensor.full(device, DType.F64, SHAPE, value));
        }
    }

    /** A device of its own with the memory that users get; tests run with the strict one. */
    private static Device pooled() {
        String before = System.setProperty("lugha.memory", "pooled");
        try {
            return Devices.providers().stream()
                    .filter(p -> p.name().equals("reference"))
                    .findFirst()
                    .orElseThrow()
                    .open(0);
        } finally {
            System.setProperty("lugha.memory", before == null ? "pooled" : before);
        }
    }
}
