package org.lugha.models;

import java.util.HashMap;
import java.util.Map;
import org.lugha.autograd.Parameter;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;
import tools.jackson.databind.JsonNode;

/** The AdamW of a case, over everything that is trainable, with clipping by the global norm. */
final class TestAdam implements AutoCloseable {
    private final JsonNode how;
    private final Scope scope = Scope.open("adam");
    private final Map<Parameter, Tensor[]> moments = new HashMap<>();
    private long step;

    TestAdam(CausalLM model, JsonNode how) {
        this.how = how;
        for (Parameter p : model.trainable()) {
            Tensor v = p.value();
            Tensor zero = Tensor.zeros(v.device(), v.dtype(), v.shape());
            moments.put(p, new Tensor[] {zero, zero.copy(v.dtype())});
        }
    }

    void update(double norm) {
        double clip = Math.min(1, how.get("clip_grad_norm").doubleValue() / (norm + 1e-6));
        var adam =
                new AdamStep(
                        how.get("lr").doubleValue(),
                        how.at("/betas/0").doubleValue(),
                        how.at("/betas/1").doubleValue(),
                        how.get("eps").doubleValue(),
                        how.get("weight_decay").doubleValue(),
                        ++step,
                        clip);
        moments.forEach((p, mv) -> {
            var kernel = p.value().device().kernels().optimizer();
            kernel.adamW(adam, p.gradient(), Into.add(p.value()), Into.add(mv[0]), Into.add(mv[1]));
            p.clearGradient();
        });
    }

    @Override
    public void close() {
        scope.close();
    }
}
