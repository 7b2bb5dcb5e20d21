package org.lugha.models.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.lugha.models.CausalLM;
import org.lugha.models.data.Batch;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.Example;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * The losses of data sets, in batches of rows of like length. Sums are made in the order of the
 * data, so they do not depend on how examples are put together, but for the last bits of a row.
 */
final class LossPass {
    private final CausalLM model;
    private final Tokenizer tokenizer;
    private final EvaluationOptions options;
    private final ModelEvaluation.Listener listener;

    LossPass(
            CausalLM model,
            Tokenizer tokenizer,
            EvaluationOptions options,
            ModelEvaluation.Listener listener) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.options = options;
        this.listener = listener;
    }

    void of(List<DataSet> sets, Map<String, LossSum> sums) {
        long total = sets.stream().mapToLong(DataSet::size).sum();
        long done = 0;
        for (DataSet set : sets) {
            of(set, sums, done, total);
            done += set.size();
        }
    }

    private void of(DataSet set, Map<String, LossSum> sums, long before, long total) {
        int n = set.size();
        double[] nll = new double[n];
        int[] counted = new int[n];
        int[] order = byLength(set);
        for (int from = 0; from < n; ) {
            int to = end(set, order, from);
            batch(set, Arrays.copyOfRange(order, from, to), nll, counted, sums);
            from = to;
            listener.at("loss", before + from, total);
        }
        for (int i = 0; i < n; i++) {
            sum(set, i, sums).add(nll[i], counted[i]);
        }
    }

    private static LossSum sum(DataSet set, int i, Map<String, LossSum> sums) {
        return sums.computeIfAbsent(ModelEvaluation.name(set.language(i)), _ -> new LossSum());
    }

    /** Example numbers, the shortest first, those of equal length in their order. */
    private static int[] byLength(DataSet set) {
        long[] keys = new long[set.size()];
        Arrays.setAll(keys, i -> (long) set.length(i) << 32 | i);
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(k -> (int) k).toArray();
    }

    private int end(DataSet set, int[] order, int from) {
        int to = from + 1;
        while (to < order.length
                && to - from < options.rows()
                && (long) set.length(order[to]) * (to + 1 - from) <= options.tokens()) {
            to++;
        }
        return to;
    }

    private void batch(
            DataSet set, int[] which, double[] nll, int[] counted, Map<String, LossSum> sums) {
        List<Example> rows = new ArrayList<>();
        for (int i : which) {
            rows.add(set.examples().get(i));
        }
        Batch b = Batch.of(rows);
        double[][] each = model.nll(b.rows(), b.labels());
        for (int r = 0; r < which.length; r++) {
            double sum = 0;
            for (double d : each[r]) {
                sum += d;
            }
            nll[which[r]] = sum;
            counted[which[r]] = each[r].length;
            if (tokenizer != null) {
                sum(set, which[r], sums).addBytes(bytes(set, which[r], rows.get(r)));
            }
        }
    }

    /**
     * What each run of counted tokens adds to the text of those before it: the same for every way
     * to cut a text into tokens, whatever is written for spaces at its begin. A text's first token
     * is part of it, though nothing predicts it.
     */
    private int bytes(DataSet set, int i, Example e) {
        int bytes = 0;
        for (int from = goesOn(set, i, e) ? 1 : 0; from < e.ids().length; from++) {
            int to = from;
            while (to < e.ids().length && e.labels()[to] != Example.NOT_COUNTED) {
                to++;
            }
            if (to > from) {
                bytes += text(e, to) - text(e, from);
                from = to;
            }
        }
        return Math.max(0, bytes);
    }

    /** Whether it is a later part of a text, whose first token is the last of the part before. */
    private boolean goesOn(DataSet set, int i, Example e) {
        if (i == 0 || set.length(i - 1) != set.longest() || e.ids().length == 0) {
            return false;
        }
        int[] before = set.examples().get(i - 1).ids();
        int last = before[before.length - 1];
        return last == e.ids()[0] && !tokenizer.isSpecial(last);
    }

    private int text(Example e, int to) {
        return to == 0
                ? 0
                : tokenizer.decode(Arrays.copyOf(e.ids(), to), true).getBytes(UTF_8).length;
    }
}
