package org.lugha.optim;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;

/** What AdamW remembers of one parameter, owned until closed. */
final class Moments {
    private final Parameter parameter;
    private final Tensor mean;
    private final Tensor square;
    private final Tensor master;
    private final PartialAdam parts;
    private final ByteState bytes;

    /** With {@code eightBits}, large F32 weights that are trained whole have a byte a moment. */
    Moments(Parameter parameter, boolean eightBits) {
        this.parameter = parameter;
        Tensor weight = parameter.value();
        boolean few =
                eightBits
                        && weight.dtype() == DType.F32
                        && weight.count() >= ByteState.LEAST
                        && parameter.part().isEmpty();
        if (few) {
            try (var _ = Scope.open("AdamW of " + parameter.name())) {
                bytes = new ByteState(weight);
                bytes.hold();
            }
            mean = null;
            square = null;
            master = null;
            parts = null;
            return;
        }
        bytes = null;
        try (var _ = Scope.open("AdamW of " + parameter.name())) {
            Tensor value = parameter.value();
            DType dtype = value.dtype() == DType.F64 ? DType.F64 : DType.F32;
            Tensor m = Tensor.zeros(value.device(), dtype, value.shape());
            Tensor s = Tensor.zeros(value.device(), dtype, value.shape());
            Tensor wide = value.dtype() == dtype ? null : value.copy(dtype);
            parts = parameter.part().map(part -> new PartialAdam(parameter, part)).orElse(null);
            mean = held(m); // held when all are there: what fails before leaves nothing behind
            square = held(s);
            master = wide == null ? null : held(wide);
            if (parts != null) {
                held(parts.steps());
            }
        }
    }

    Parameter parameter() {
        return parameter;
    }

    void update(AdamStep how) {
        try (var _ = Scope.open("AdamW of " + parameter.name())) {
            Tensor value = parameter.value();
            if (bytes != null) {
                bytes.update(how, parameter.gradient(), value);
                return;
            }
            Tensor p = master == null ? value : master;
            if (parts != null) {
                parts.update(how, p, mean, square);
                if (master != null) {
                    p.device().kernels().copy().copy(p, Into.overwrite(value));
                }
                return;
            }
            p.device()
                    .kernels()
                    .optimizer()
                    .adamW(
                            how,
                            parameter.gradient(),
                            Into.add(p),
                            Into.add(mean),
                            Into.add(square),
                            master == null ? null : Into.overwrite(value));
        }
    }

    SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        if (bytes != null) {
            bytes.state(all);
            return all;
        }
        all.put("exp_avg", mean);
        all.put("exp_avg_sq", square);
        if (master != null) {
            all.put("master", master);
        }
        if (parts != null) {
            all.put("steps", parts.steps());
        }
        return all;
    }

    void close() {
        if (bytes != null) {
            bytes.close();
        }
        Tensor steps = parts == null ? null : parts.steps();
        for (Tensor t : new Tensor[] {mean, square, master, steps}) {
            if (t != null) {
                t.storage().release("closing AdamW");
            }
        }
    }

    static void copy(Tensor from, Tensor to) {
        try (var _ = Scope.open("optimizer state")) {
            to.device().kernels().copy().copy(from.to(to.device()), Into.overwrite(to));
        }
    }

    private static Tensor held(Tensor t) {
        t.storage().retain();
        return t;
    }
}
