package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.models.CausalLM;
import org.lugha.models.TinyModels;
import org.lugha.models.Tokens;
import org.lugha.runtime.DType;
import org.lugha.runtime.Philox;

/** Whole models' gradients against central differences, in F64 on the reference device. */
final class Gradients {
    private static final int[][] IDS = {{4, 7, 9, 11, 5}, {8, 6, 3, 0, 0}};
    private static final int[][] LABELS = {{4, 7, 9, 11, 5}, {-100, 6, 3, -100, -100}};
    private static final double STEP = 1e-5;

    private Gradients() {}

    /** A committed checkpoint of a family in F64, or a model with random weights. */
    static CausalLM wide(String family) {
        if (!family.equals("llama")) {
            return CausalLM.load(TinyModels.folder(family), TinyModels.device(), DType.F64);
        }
        CausalLM model = CausalLM.declare(TinyModels.config());
        model.initialize(TinyModels.device(), DType.F64, 5);
        return model;
    }

    /** Values that are nowhere 0, so that no gradient is by accident. */
    static void fill(CausalLM model) {
        long seed = 1;
        for (Parameter p : model.trainable()) {
            for (long i = 0; i < p.value().count(); i++) {
                p.value().set(i, p.value().get(i) + 0.3 * Philox.normal(seed, i));
            }
            seed++;
        }
    }

    /** One element of every parameter that is trained, another each. */
    static void check(CausalLM model) {
        fill(model);
        try (var _ = Tape.open()) {
            loss(model).backward();
        }
        for (Parameter p : model.trainable()) {
            long n = p.value().count();
            long i = Math.floorMod(p.name().hashCode(), n);
            double at = p.value().get(i);
            p.value().set(i, at + STEP);
            double up = value(model);
            p.value().set(i, at - STEP);
            double down = value(model);
            p.value().set(i, at);
            double wanted = (up - down) / (2 * STEP);
            double got = p.gradient().get(i);
            assertEquals(wanted, got, 1e-6 + 1e-5 * Math.abs(wanted), p.name() + " " + i);
        }
    }

    private static double value(CausalLM model) {
        try (var _ = Tape.open()) {
            return loss(model).item();
        }
    }

    private static Var loss(CausalLM model) {
        return model.loss(Tokens.rows(IDS), LABELS, 1, false, 0);
    }
}
