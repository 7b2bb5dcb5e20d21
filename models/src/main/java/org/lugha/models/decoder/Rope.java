package org.lugha.models.decoder;

import org.lugha.models.ConfigJson;
import org.lugha.models.layers.RopeScaling;
import org.lugha.models.layers.RotaryTable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rotary positions as a configuration spells them: {@code rope_parameters} with everything inside
 * (transformers 5), or {@code rope_theta} beside {@code rope_scaling}, where {@code type} was the
 * name of {@code rope_type}.
 *
 * @param theta the base
 */
public record Rope(double theta, RopeScaling scaling) {

    /** Of a family with one set for all layers. */
    public static Rope of(ConfigJson config, int maxPositions) {
        double theta = config.number("rope_theta", 10000);
        ConfigJson r =
                config.object("rope_scaling")
                        .filter(o -> !o.root().isEmpty())
                        .or(() -> config.object("rope_parameters"))
                        .orElse(null);
        if (r == null) {
            return new Rope(config.positive("rope_theta", theta), new RopeScaling.None());
        }
        for (String type : new String[] {"full_attention", "sliding_attention"}) {
            if (r.root().has(type)) {
                throw r.fail(type, "one set for all layers", "one for some of them");
            }
        }
        return of(r, config, theta, maxPositions);
    }

    /**
     * Of one object that holds all of it.
     *
     * @param config around it
     * @param theta where the object has none
     */
    public static Rope of(ConfigJson r, ConfigJson config, double theta, int maxPositions) {
        if (r.number("partial_rotary_factor", config.number("partial_rotary_factor", 1)) != 1) {
            throw r.fail("partial_rotary_factor", "1, the only value supported", "another");
        }
        String type = r.text("rope_type", r.text("type", "default"));
        RopeScaling scaling =
                switch (type) {
                    case "default" -> new RopeScaling.None();
                    case "linear" -> new RopeScaling.Linear(positive(r, "factor"));
                    case "llama3" ->
                            new RopeScaling.Llama3(
                                    positive(r, "factor"),
                                    positive(r, "low_freq_factor"),
                                    positive(r, "high_freq_factor"),
                                    original(config, r, maxPositions));
                    default ->
                            throw r.fail(
                                    "rope_type",
                                    "a supported one (default, linear, llama3)",
                                    '"' + type + '"');
                };
        return new Rope(r.positive("rope_theta", theta), scaling);
    }

    /** The older spelling. */
    public void write(ObjectNode config) {
        config.put("rope_theta", theta);
        if (scaling instanceof RopeScaling.None) {
            config.putNull("rope_scaling");
        } else {
            writeScaling(config.putObject("rope_scaling"));
        }
    }

    /** The newer spelling, into an object of its own. */
    public void writeWhole(ObjectNode o) {
        o.put("rope_theta", theta);
        writeScaling(o);
    }

    private void writeScaling(ObjectNode o) {
        switch (scaling) {
            case RopeScaling.None _ -> o.put("rope_type", "default");
            case RopeScaling.Linear(double factor) ->
                    o.put("rope_type", "linear").put("factor", factor);
            case RopeScaling.Llama3(double factor, double low, double high, int original) ->
                    o.put("rope_type", "llama3")
                            .put("factor", factor)
                            .put("low_freq_factor", low)
                            .put("high_freq_factor", high)
                            .put("original_max_position_embeddings", original);
        }
    }

    /** Its tables, for heads of this width. */
    RotaryTable table(int headDim) {
        return new RotaryTable(scaling.frequencies(theta, headDim));
    }

    private static int original(ConfigJson config, ConfigJson rope, int maxPositions) {
        String key = "original_max_position_embeddings";
        return config.size(key, rope.size(key, maxPositions));
    }

    private static double positive(ConfigJson r, String key) {
        return r.positive(key, r.number(key)); // which says so where there is none
    }
}
