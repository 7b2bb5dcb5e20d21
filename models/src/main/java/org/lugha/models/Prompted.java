package org.lugha.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lugha.autograd.Var;
import org.lugha.models.layers.VirtualTokens;
import org.lugha.runtime.spi.Mask;

/**
 * Rows with places for virtual tokens before each example, where an adapter asks for them.
 *
 * @param tokens the rows with these places
 * @param from by place, which token of the rows as they were given is there; negative: none. Empty
 *     where nobody asks
 * @param predicts whether the first token of an example has something to be predicted from
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Prompted(Tokens tokens, int[][] from, boolean predicts) {
    private static final int VIRTUAL = -1;
    private static final int NOTHING = -2;

    static Prompted of(CausalLM model, Tokens tokens) {
        Optional<VirtualTokens> asked = asked(model);
        if (asked.isEmpty() || tokens.length() == 0) {
            return new Prompted(tokens, new int[0][], false);
        }
        int n = asked.get().count();
        int[][] from = from(tokens, n);
        int length = from[0].length;
        int[][] ids = new int[from.length][length];
        int[][] positions = new int[from.length][length];
        for (int b = 0; b < from.length; b++) {
            for (int i = 0; i < length; i++) {
                int t = from[b][i];
                if (t >= 0) {
                    ids[b][i] = tokens.ids()[b][t];
                    positions[b][i] = tokens.positions()[b][t] + n;
                } else if (t == VIRTUAL && i > 0 && from[b][i - 1] == VIRTUAL) {
                    positions[b][i] = positions[b][i - 1] + 1;
                }
            }
        }
        Mask mask = tokens.mask();
        Mask wide = mask.firsts().length == 0 ? mask : segments(mask, from);
        return new Prompted(new Tokens(ids, positions, wide), from, asked.get().predicts());
    }

    /** How many places an example gets. */
    static int count(CausalLM model) {
        return asked(model).map(VirtualTokens::count).orElse(0);
    }

    /** Rows that begin behind some padding, with places between it and them. */
    static int[][] behind(int[] pads, int[][] rows, int places) {
        int[][] all = new int[rows.length][];
        for (int b = 0; b < rows.length; b++) {
            all[b] = new int[rows[b].length + places];
            int from = pads[b];
            System.arraycopy(rows[b], from, all[b], from + places, rows[b].length - from);
        }
        return all;
    }

    private static Optional<VirtualTokens> asked(CausalLM model) {
        List<VirtualTokens> all =
                model.parts().embedding().adapters().stream()
                        .filter(VirtualTokens.class::isInstance)
                        .map(VirtualTokens.class::cast)
                        .toList();
        if (all.size() > 1) {
            throw new RequestException(
                    "virtual tokens: "
                            + all.size()
                            + " prompts or prefixes are active at a time; deactivate all but one");
        }
        return all.stream().findFirst();
    }

    private static int[][] from(Tokens tokens, int n) {
        int[][] firsts = tokens.mask().firsts();
        List<int[]> all = new ArrayList<>();
        for (int b = 0; b < tokens.batch(); b++) {
            List<Integer> row = new ArrayList<>();
            for (int t = 0; t < tokens.length(); t++) {
                if (firsts.length == 0 ? t == 0 : firsts[b][t] == t) {
                    IntStream.range(0, n).forEach(_ -> row.add(VIRTUAL));
                }
                row.add(t);
            }
            all.add(row.stream().mapToInt(i -> i).toArray());
        }
        int length = all.stream().mapToInt(r -> r.length).max().orElse(0);
        int[][] from = new int[all.size()][];
        for (int b = 0; b < from.length; b++) {
            from[b] = Arrays.copyOf(all.get(b), length);
            Arrays.fill(from[b], all.get(b).length, length, NOTHING);
        }
        return from;
    }

    private static Mask segments(Mask mask, int[][] from) {
        int length = from[0].length;
        int[][] firsts = new int[from.length][length];
        int[][] ends = new int[from.length][length];
        for (int b = 0; b < from.length; b++) {
            int start = length; // what stands for nothing sees nothing
            for (int i = 0; i < length; i++) {
                if (from[b][i] == NOTHING) {
                    start = length;
                } else if (from[b][i] == VIRTUAL && (i == 0 || from[b][i - 1] != VIRTUAL)) {
                    start = i;
                }
                firsts[b][i] = start;
            }
            int end = length;
            for (int i = length - 1; i >= 0; i--) {
                if (i + 1 < length && firsts[b][i + 1] != firsts[b][i]) {
                    end = i + 1;
                }
                ends[b][i] = end;
            }
        }
        return mask.withSegments(firsts, ends);
    }

    /** What is counted, labels lying as the tokens were given. */
    Targets targets(int[][] labels, int vocabulary) {
        boolean same = from.length == 0 || labels.length != from.length;
        return Targets.of(tokens, same ? labels : moved(labels), vocabulary);
    }

    private int[][] moved(int[][] labels) {
        int[][] all = new int[from.length][];
        for (int b = 0; b < all.length; b++) {
            all[b] = new int[from[b].length];
            for (int i = 0; i < all[b].length; i++) {
                int t = from[b][i];
                boolean begins = i == 0 || from[b][i - 1] == VIRTUAL;
                boolean counts = t >= 0 && t < labels[b].length && (predicts || !begins);
                all[b][i] = counts ? labels[b][t] : Tokens.IGNORED;
            }
        }
        return all;
    }

    /** Of hidden states {@code [B,n+T,D]} those of the tokens that were given, {@code [B,T,D]}. */
    Var own(Var hidden, CausalLM model) {
        if (from.length == 0) {
            return hidden;
        }
        int length = tokens.length();
        int[] rows =
                IntStream.range(0, from.length * length)
                        .filter(i -> from[i / length][i % length] >= 0)
                        .toArray();
        return hidden.rows(Targets.tensor(model.device(), rows))
                .view(from.length, rows.length / from.length, hidden.shape().last());
    }
}
