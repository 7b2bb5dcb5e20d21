package org.lugha.models.gemma;

import java.util.Optional;
import org.lugha.models.ConfigJson;
import org.lugha.models.decoder.Rope;
import org.lugha.models.layers.RopeScaling;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemma 3's rotary positions: {@code rope_parameters} with one object a kind of layers
 * (transformers 5), or {@code rope_theta} and {@code rope_scaling} for the layers that see all keys
 * and {@code rope_local_base_freq} for the others.
 */
final class TwoRopes {
    private static final String NEW = "rope_parameters";
    private static final String GLOBAL = "full_attention";
    private static final String LOCAL = "sliding_attention";

    private TwoRopes() {}

    static Rope global(ConfigJson j, int maxPositions) {
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        inside(j, GLOBAL).ifPresent(r -> merged.setAll(r.root()));
        j.object("rope_scaling").ifPresent(r -> merged.setAll(r.root()));
        var r = new ConfigJson(j.source() + ", rope_parameters", merged);
        return Rope.of(r, j, j.number("rope_theta", 1e6), maxPositions);
    }

    static Rope local(ConfigJson j, int maxPositions) {
        ConfigJson r =
                inside(j, LOCAL)
                        .orElseGet(() ->
                                new ConfigJson(j.source(), JsonNodeFactory.instance.objectNode()));
        return Rope.of(r, j, j.number("rope_local_base_freq", 1e4), maxPositions);
    }

    private static Optional<ConfigJson> inside(ConfigJson j, String kind) {
        ConfigJson both = j.object(NEW).orElse(null);
        if (both == null) {
            return Optional.empty();
        }
        if (both.root().has("rope_type") || both.root().has("rope_theta")) {
            throw j.fail(NEW, "one set for " + GLOBAL + " and one for " + LOCAL, "a single one");
        }
        return both.object(kind);
    }

    /** In the older spelling where that can say it. */
    static void write(ObjectNode j, Rope global, Rope local) {
        if (local.scaling() instanceof RopeScaling.None) {
            global.write(j);
            j.put("rope_local_base_freq", local.theta());
            return;
        }
        j.remove("rope_theta");
        j.remove("rope_scaling");
        ObjectNode both = j.putObject(NEW);
        global.writeWhole(both.putObject(GLOBAL));
        local.writeWhole(both.putObject(LOCAL));
    }
}
