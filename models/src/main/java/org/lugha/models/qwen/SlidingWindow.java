package org.lugha.models.qwen;

import org.lugha.models.ConfigJson;
import org.lugha.models.decoder.LayerTypes;
import tools.jackson.databind.node.ObjectNode;

/** The windows of Qwen's layers, as both generations spell them. */
final class SlidingWindow {
    private SlidingWindow() {}

    /** From {@code max_window_layers} on where {@code layer_types} is left out. */
    static LayerTypes of(ConfigJson j, int layers) {
        boolean slides = j.flag("use_sliding_window", false) && !j.isNull("sliding_window");
        int window = slides ? j.size("sliding_window", 4096) : 0;
        int full = j.count("max_window_layers", 28);
        return LayerTypes.of(j, layers, window, i -> slides && i >= full);
    }

    static void write(ObjectNode j, LayerTypes types) {
        j.put("use_sliding_window", types.window() > 0);
        if (types.window() > 0) {
            j.put("sliding_window", types.window());
        } else {
            j.putNull("sliding_window");
        }
        types.write(j);
    }
}
