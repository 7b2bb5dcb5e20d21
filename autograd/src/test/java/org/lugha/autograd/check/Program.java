package org.lugha.autograd.check;

import java.util.ArrayList;
import java.util.List;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.Attention;
import org.lugha.runtime.Scope;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Unary;

/**
 * An expression with reuse over {@code [3,3]} values: every instruction appends a value made of
 * earlier ones, often the same one twice. What no later instruction uses is left without a
 * gradient.
 */
public record Program(List<Instruction> instructions) {
    /** Kinds of instructions. */
    public enum Kind {
        ADD,
        MUL,
        RESIDUAL,
        VIEWS,
        SCALE,
        SOFTMAX,
        GATE,
        LINEAR,
        ATTENTION
    }

    /**
     * One instruction; operands count back from the latest value.
     *
     * @param module runs in a scope of its own, whose temporaries die with it
     */
    public record Instruction(Kind kind, int a, int b, int c, boolean module) {}

    /** The last value plus the one before. */
    public Var run(Var... leaves) {
        List<Var> values = new ArrayList<>(List.of(leaves));
        for (Instruction i : instructions) {
            values.add(i.module() ? inModule(i, values) : apply(i, values));
        }
        return back(values, 0).add(back(values, 1));
    }

    private static Var inModule(Instruction i, List<Var> values) {
        try (Scope scope = Scope.open("module")) {
            Var y = apply(i, values);
            scope.yield(y.value());
            return y;
        }
    }

    private static Var apply(Instruction i, List<Var> values) {
        Var a = back(values, i.a());
        Var b = back(values, i.b());
        Var c = back(values, i.c());
        return switch (i.kind()) {
            case ADD -> a.add(b);
            case MUL -> a.mul(b).activation(Unary.TANH);
            case RESIDUAL -> a.add(b.view(9).view(3, 3)).add(a);
            case VIEWS -> a.view(9).add(b.view(9)).view(3, 3);
            case SCALE -> a.scale(-0.5);
            case SOFTMAX -> a.softmax();
            case GATE -> a.gate(Unary.SIGMOID, b);
            case LINEAR -> a.linear(b).activation(Unary.TANH);
            case ATTENTION ->
                    new Attention(0.5, Mask.causal())
                            .apply(heads(a), heads(b), heads(c))
                            .view(3, 3);
        };
    }

    private static Var heads(Var x) {
        return x.view(1, 3, 1, 3);
    }

    private static Var back(List<Var> values, int i) {
        return values.get(values.size() - 1 - i % values.size());
    }
}
