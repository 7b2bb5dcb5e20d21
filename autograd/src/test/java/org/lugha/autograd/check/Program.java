package org.lugha.autograd.check;

import java.util.ArrayList;
import java.util.List;
import org.lugha.autograd.Recompute;
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

    /** What an instruction runs in. */
    public enum Within {
        /** Nothing of its own. */
        PLAIN,
        /** A scope, whose temporaries die with it. */
        MODULE,
        /** A {@link Recompute}. */
        RECOMPUTE
    }

    /**
     * One instruction; operands count back from the latest value.
     *
     * @param body runs over the three operands after the instruction proper and is a part of it
     */
    public record Instruction(Kind kind, int a, int b, int c, Within within, Program body) {
        Var run(Var... in) {
            return switch (within) {
                case PLAIN -> apply(in);
                case MODULE -> inModule(in);
                case RECOMPUTE -> new Recompute(kind.name(), this::apply).apply(in);
            };
        }

        private Var inModule(Var... in) {
            try (Scope scope = Scope.open("module")) {
                Var y = apply(in);
                scope.yield(y.value());
                return y;
            }
        }

        private Var apply(Var... in) {
            Var y = Program.apply(kind, in[0], in[1], in[2]);
            return body.instructions().isEmpty() ? y : body.run(in[1], in[0], y);
        }

        Instruction keptWhole() {
            Within w = within == Within.RECOMPUTE ? Within.PLAIN : within;
            return new Instruction(kind, a, b, c, w, body.keptWhole());
        }
    }

    /** No instruction: its value is the sum of the last two leaves. */
    public static Program empty() {
        return new Program(List.of());
    }

    /** The same without any {@link Recompute}. */
    public Program keptWhole() {
        return new Program(instructions.stream().map(Instruction::keptWhole).toList());
    }

    /** The last value plus the one before. */
    public Var run(Var... leaves) {
        List<Var> values = new ArrayList<>(List.of(leaves));
        for (Instruction i : instructions) {
            values.add(i.run(back(values, i.a()), back(values, i.b()), back(values, i.c())));
        }
        return back(values, 0).add(back(values, 1));
    }

    private static Var apply(Kind kind, Var a, Var b, Var c) {
        return switch (kind) {
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
