package org.lugha.models.layers;

import java.util.ArrayList;
import java.util.List;

/** What is said when a model drops in training because its own configuration asks for it. */
public final class DropoutNote {
    private DropoutNote() {}

    /**
     * Nothing where nothing drops.
     *
     * @param layers the settings of layers and embedding, as they are spelled
     * @param largest of their probabilities
     * @param attentionKey the setting of attention's probabilities
     */
    public static List<String> of(
            String layers, double largest, String attentionKey, double attention) {
        List<String> notes = new ArrayList<>();
        if (largest > 0) {
            notes.add("the base model drops in training as its config.json says: " + layers);
        }
        if (attention > 0) {
            notes.add(
                    ("attention drops in training as config.json says: %s %s; this holds all scores"
                                    + " of a layer, rows x heads x length x length; 0 there is"
                                    + " faster and takes less memory")
                            .formatted(attentionKey, attention));
        }
        return List.copyOf(notes);
    }
}
