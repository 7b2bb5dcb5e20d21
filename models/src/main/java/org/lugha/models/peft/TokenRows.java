package org.lugha.models.peft;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.Embedding;
import org.lugha.autograd.op.ReplaceRows;
import org.lugha.models.layers.WeightAdapter;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * Some rows of a table, trained alone: those of new tokens, for example. They take the place of the
 * table's own.
 *
 * @param rows {@code [n, D]}
 * @param ids which rows of the table they are, each once
 * @param named whether the file has them here; a tied twin's has not
 */
public record TokenRows(Parameter rows, List<Integer> ids, boolean named)
        implements Mergeable, WeightAdapter {
    public TokenRows {
        ids = List.copyOf(ids);
    }

    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        Tensor asked = x.value();
        int width = rows.shape().dim(1);
        int n = Math.toIntExact(asked.count());
        int[] place = new int[n];
        int[] dims = Arrays.copyOf(asked.shape().dims(), asked.shape().rank() + 1);
        dims[dims.length - 1] = width;
        int[] own = new int[n * width];
        int[] others = new int[n * width];
        for (int i = 0; i < n; i++) {
            int at = asked.device().computes() ? ids.indexOf((int) asked.get(i)) : 0;
            place[i] = Math.max(at, 0);
            Arrays.fill(at >= 0 ? own : others, i * width, (i + 1) * width, 1);
        }
        Shape shape = new Shape(dims);
        Tensor picked = integers(asked, asked.shape(), place);
        Var mine = new Embedding().apply(rows, Var.of(picked));
        return base.apply(x)
                .maskedFill(integers(asked, shape, own), 0)
                .add(mine.maskedFill(integers(asked, shape, others), 0));
    }

    private static Tensor integers(Tensor like, Shape shape, int[] values) {
        return Tensor.generate(like.device(), DType.I32, shape, i -> values[(int) i]);
    }

    @Override
    public Var weight(Var table) {
        return new ReplaceRows().apply(LoraLayer.wide(table), rows, Var.of(index()));
    }

    private Tensor index() {
        return Tensor.generate(
                rows.value().device(), DType.I32, Shape.of(ids.size()), i -> ids.get((int) i));
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        if (named) {
            all.put("token_adapter.trainable_tokens_delta", rows);
        }
        return all;
    }

    @Override
    public void merge(Module host, String name, Tensor wide) {
        int width = wide.dim(1);
        for (int n = 0; n < ids.size(); n++) {
            for (int d = 0; d < width; d++) {
                wide.set((long) ids.get(n) * width + d, rows.value().get((long) n * width + d));
            }
        }
    }
}
