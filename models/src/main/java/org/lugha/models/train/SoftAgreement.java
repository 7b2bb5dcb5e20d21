package org.lugha.models.train;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.lugha.models.CausalLM;
import org.lugha.models.peft.BitFit;
import org.lugha.models.peft.BottleneckAdapters;
import org.lugha.models.peft.Ia3;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.peft.PrefixTuning;
import org.lugha.models.peft.PromptTuning;

/** What a run says of its adapter beside what the folder it begins from has, key by key. */
final class SoftAgreement {
    /** One setting of both. */
    record Pair(Object now, Object old) {}

    private SoftAgreement() {}

    /** Settings that shape an adapter's tensors or what they mean; two of one method. */
    static SequencedMap<String, Pair> differences(PeftConfig said, PeftConfig has, CausalLM model) {
        SequencedMap<String, Pair> all = new LinkedHashMap<>();
        switch (said) {
            case Ia3 now when has instanceof Ia3 old -> {
                all.put("targets", new Pair(now.matched(model), old.matched(model)));
                all.put("modules_to_save", new Pair(now.modulesToSave(), old.modulesToSave()));
            }
            case PromptTuning now when has instanceof PromptTuning old ->
                    all.put("virtual_tokens", new Pair(now.tokens(), old.tokens()));
            case PrefixTuning now when has instanceof PrefixTuning old ->
                    all.put("virtual_tokens", new Pair(now.tokens(), old.tokens()));
            case BitFit now when has instanceof BitFit old ->
                    all.put(
                            "targets",
                            new Pair(now.matched(model).keySet(), old.matched(model).keySet()));
            case BottleneckAdapters now when has instanceof BottleneckAdapters old ->
                    bottlenecks(now, old, all);
            default -> {}
        }
        return all;
    }

    private static void bottlenecks(
            BottleneckAdapters now, BottleneckAdapters old, SequencedMap<String, Pair> all) {
        all.put("kind", new Pair(now.kind(), old.kind()));
        all.put("reads", new Pair(now.reads(), old.reads()));
        all.put("reduction_factor", new Pair(now.reductionFactor(), old.reductionFactor()));
        all.put("bottleneck", new Pair(now.size(), old.size()));
        all.put("non_linearity", new Pair(now.activation(), old.activation()));
        all.put("scaling", new Pair(now.scale(), old.scale()));
        all.put("leave_out", new Pair(now.leaveOut(), old.leaveOut()));
        all.put("invertible", new Pair(now.isInvertible(), old.isInvertible()));
        all.put("invertible_reduction", new Pair(now.inverseReduction(), old.inverseReduction()));
    }
}
