package org.lugha.models.decoder;

import java.util.List;
import org.lugha.models.ConfigJson;

/** Refuses by name what would silently change the results. */
public final class Unsupported {
    private Unsupported() {}

    /**
     * What no family here supports.
     *
     * @param activationKey where the gate's function stands
     * @param activations its supported names, the usual one first
     */
    public static void refuse(ConfigJson j, String activationKey, List<String> activations) {
        String activation = j.text(activationKey, activations.getFirst());
        if (!activations.contains(activation)) {
            throw j.fail(
                    activationKey, activations.getFirst() + ", the only one supported", activation);
        }
        if (j.flag("use_bidirectional_attention", false)) {
            throw notCausal(j, "use_bidirectional_attention", "true");
        }
        if (!j.flag("is_causal", true)) {
            throw notCausal(j, "is_causal", "false");
        }
    }

    private static RuntimeException notCausal(ConfigJson j, String key, String got) {
        return j.fail(key, "a causal model, the only kind supported", got);
    }
}
