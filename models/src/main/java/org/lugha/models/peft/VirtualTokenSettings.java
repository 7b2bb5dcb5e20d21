package org.lugha.models.peft;

import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.models.layers.VirtualTokens;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What prompt and prefix tuning have in common in {@code adapter_config.json}. */
final class VirtualTokenSettings {
    private VirtualTokenSettings() {}

    /** {@code num_virtual_tokens}, with what only encoder-decoders have refused. */
    static int read(ConfigJson j) {
        int parts = j.size("num_transformer_submodules", 1);
        if (parts != 1) {
            throw j.fail("num_transformer_submodules", "1, as causal models have", "" + parts);
        }
        return j.size("num_virtual_tokens");
    }

    static ObjectNode write(String type, int tokens, int width, CausalLM model, String base) {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.put("base_model_name_or_path", base);
        j.put("inference_mode", true);
        j.put("num_layers", model.parts().cache().layers());
        j.put("num_transformer_submodules", 1);
        j.put("num_virtual_tokens", tokens);
        j.put("peft_type", type);
        j.put("task_type", "CAUSAL_LM");
        j.put("token_dim", width);
        return j;
    }

    /** The places of one would be in those of the other. */
    static void refuseSecond(CausalLM model, String method) {
        if (model.parts().embedding().adapters().stream()
                .anyMatch(VirtualTokens.class::isInstance)) {
            throw new RequestException(
                    method
                            + ": another prompt or prefix is active on this model; deactivate that"
                            + " one first");
        }
    }
}
