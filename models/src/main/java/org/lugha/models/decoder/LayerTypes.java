package org.lugha.models.decoder;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.lugha.models.ConfigJson;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which layers see a window only.
 *
 * @param slides by layer
 * @param window keys that a query of a sliding layer sees; 0 where no layer slides
 */
public record LayerTypes(List<Boolean> slides, int window) {
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";
    private static final String KEY = "layer_types";

    /**
     * Reads {@code layer_types}.
     *
     * @param window {@code sliding_window} as the family means it; 0: none
     * @param otherwise which layers slide where the key is left out
     */
    public static LayerTypes of(ConfigJson j, int layers, int window, IntPredicate otherwise) {
        List<Boolean> slides;
        if (j.get(KEY).isEmpty()) {
            slides = IntStream.range(0, layers).mapToObj(otherwise::test).toList();
        } else {
            List<String> names = j.texts(KEY);
            if (names.size() != layers) {
                throw j.fail(
                        KEY, "as many as num_hidden_layers " + layers, names.size() + " of them");
            }
            slides = names.stream().map(name -> slides(j, name)).toList();
        }
        if (slides.contains(true) && window == 0) {
            throw j.fail("sliding_window", "the window of the sliding layers", "none");
        }
        return new LayerTypes(slides, slides.contains(true) ? window : 0);
    }

    private static boolean slides(ConfigJson j, String name) {
        return switch (name) {
            case SLIDING -> true;
            case FULL, "attention" -> false;
            default -> throw j.fail(KEY, FULL + " and " + SLIDING, '"' + name + '"');
        };
    }

    /** The window of a layer; 0: none. */
    public int of(int layer) {
        return slides.get(layer) ? window : 0;
    }

    /** Writes {@code layer_types}. */
    public void write(ObjectNode j) {
        var all = j.putArray(KEY);
        slides.forEach(s -> all.add(s ? SLIDING : FULL));
    }
}
