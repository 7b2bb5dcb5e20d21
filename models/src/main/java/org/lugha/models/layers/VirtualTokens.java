package org.lugha.models.layers;

import java.util.ArrayList;
import java.util.List;
import org.lugha.autograd.Var;
import org.lugha.nn.Adapter;
import org.lugha.nn.Pass;
import org.lugha.runtime.spi.Mask;

/**
 * An adapter of the input embedding that asks for n places before every example: the model puts
 * them into its rows, with positions 0 to n - 1, and drops what it computes for them. Something
 * learned takes the place of what they hold: see {@link #laid}.
 */
public interface VirtualTokens extends Adapter {
    /** n. */
    int count();

    /** Whether the last place predicts the first token of its example, or nothing does. */
    boolean predicts();

    /**
     * What was computed for tokens, y {@code [B,T,..]}, with learned rows {@code [n,..]} in the
     * places of virtual tokens. They are where an example begins, which the mask tells; when a
     * cache holds something they lie in it and y stays as it is.
     */
    static Var laid(Var y, Var learned, Pass pass) {
        if (pass.cache() != null && pass.cache().length() > 0) {
            return y;
        }
        int[] dims = y.shape().dims().clone();
        int batch = dims[0];
        int length = dims[1];
        int n = learned.shape().dim(0);
        dims[0] = 1;
        dims[1] = n;
        Var one = learned.view(dims);
        if (pass.mask().firsts().length == 0) {
            dims[0] = batch;
            Var all = batch == 1 ? one : one.expand(dims);
            return n == length ? all : Var.concat(1, all, y.slice(1, n, length));
        }
        Var[] rows = new Var[batch];
        for (int b = 0; b < batch; b++) {
            rows[b] = row(y.slice(0, b, b + 1), one, starts(pass.mask(), b, length));
        }
        return batch == 1 ? rows[0] : Var.concat(0, rows);
    }

    private static Var row(Var y, Var one, List<Integer> starts) {
        int length = y.shape().dim(1);
        List<Var> parts = new ArrayList<>();
        int done = 0;
        for (int start : starts) {
            if (start > done) {
                parts.add(y.slice(1, done, start));
            }
            parts.add(one);
            done = start + one.shape().dim(1);
        }
        if (done < length) {
            parts.add(y.slice(1, done, length));
        }
        return parts.size() == 1 ? parts.getFirst() : Var.concat(1, parts.toArray(Var[]::new));
    }

    private static List<Integer> starts(Mask mask, int b, int length) {
        List<Integer> all = new ArrayList<>();
        for (int t = 0; t < length; t++) {
            if (mask.firsts()[b][t] == t) {
                all.add(t);
            }
        }
        return all;
    }
}
