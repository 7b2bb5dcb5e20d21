package org.lugha.models.llama;

import org.lugha.models.ConfigJson;
import org.lugha.models.layers.RopeScaling;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rotary positions as a configuration spells them: {@code rope_parameters} with everything inside
 * (transformers 5), or {@code rope_theta} beside {@code rope_scaling}, where {@code type} was the
 * name of {@code rope_type}.
 */
record Rope(double theta, RopeScaling scaling) {

    static Rope of(ConfigJson config, int maxPositions) {
        ConfigJson r =
                config.object("rope_scaling")
                        .or(() -> config.object("rope_parameters"))
                        .orElse(null);
        double theta = config.number("rope_theta", 10000);
        if (r == null) {
            return new Rope(theta, new RopeScaling.None());
        }
        if (r.number("partial_rotary_factor", config.number("partial_rotary_factor", 1)) != 1) {
            throw r.fail("partial_rotary_factor", "1, the only value supported", "another");
        }
        String type = r.text("rope_type", r.text("type", "default"));
        RopeScaling scaling =
                switch (type) {
                    case "default" -> new RopeScaling.None();
                    case "linear" -> new RopeScaling.Linear(r.number("factor"));
                    case "llama3" ->
                            new RopeScaling.Llama3(
                                    r.number("factor"),
                                    r.number("low_freq_factor"),
                                    r.number("high_freq_factor"),
                                    original(config, r, maxPositions));
                    default ->
                            throw r.fail(
                                    "rope_type",
                                    "a supported one (default, linear, llama3)",
                                    '"' + type + '"');
                };
        return new Rope(r.number("rope_theta", theta), scaling);
    }

    /** The older spelling. */
    static void write(ObjectNode config, double theta, RopeScaling scaling) {
        config.put("rope_theta", theta);
        switch (scaling) {
            case RopeScaling.None _ -> config.putNull("rope_scaling");
            case RopeScaling.Linear(double factor) ->
                    config.putObject("rope_scaling")
                            .put("rope_type", "linear")
                            .put("factor", factor);
            case RopeScaling.Llama3(double factor, double low, double high, int original) ->
                    config.putObject("rope_scaling")
                            .put("rope_type", "llama3")
                            .put("factor", factor)
                            .put("low_freq_factor", low)
                            .put("high_freq_factor", high)
                            .put("original_max_position_embeddings", original);
        }
    }

    private static int original(ConfigJson config, ConfigJson rope, int maxPositions) {
        String key = "original_max_position_embeddings";
        return config.size(key, rope.size(key, maxPositions));
    }
}
