package org.lugha.models.peft;

import java.util.Set;
import org.lugha.models.ConfigJson;

/** Which keys of {@code adapter_config.json} a method reads; others must be off. */
final class KnownKeys {
    /** Keys of every method that change nothing here: origin and bookkeeping. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "peft_type",
                    "auto_mapping",
                    "base_model_name_or_path",
                    "inference_mode",
                    "peft_version",
                    "revision",
                    "task_type");

    private KnownKeys() {}

    /** Whatever is on and not known would change the results. */
    static void refuseOthers(ConfigJson j, Set<String> known) {
        j.root()
                .forEachEntry((key, value) -> {
                    boolean off =
                            value.isNull()
                                    || (value.isBoolean() && !value.booleanValue())
                                    || (value.isContainer() && value.isEmpty());
                    if (!off && !known.contains(key) && !WITHOUT_EFFECT.contains(key)) {
                        throw j.fail(
                                key,
                                "it absent or off, the only value supported",
                                value.toString());
                    }
                });
    }
}
