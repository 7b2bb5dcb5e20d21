package org.lugha.autograd.testkit;

import java.util.Arrays;
import java.util.stream.Collectors;
import net.jqwik.api.SampleReportingFormat;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;

/** How a tensor stands in jqwik's reports: its type, shape and first numbers. */
public final class TensorFormat implements SampleReportingFormat {
    private static final int MOST = 60;

    @Override
    public boolean appliesTo(Object value) {
        return value instanceof Tensor;
    }

    @Override
    public Object report(Object value) {
        Tensor t = (Tensor) value;
        String numbers =
                Arrays.stream(t.toArray())
                        .limit(MOST)
                        .mapToObj(x -> t.dtype() == DType.F32 ? "" + (float) x : "" + x)
                        .collect(Collectors.joining(", ", "[", t.count() > MOST ? ", ..]" : "]"));
        return t + " " + numbers;
    }
}
