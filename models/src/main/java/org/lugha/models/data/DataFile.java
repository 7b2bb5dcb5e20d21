package org.lugha.models.data;

import java.nio.file.Path;

/**
 * One file of examples.
 *
 * @param language of all its examples; empty where the lines say it, or nobody does
 * @param format how a line becomes an example: see {@link Encoder#line}
 * @param consent what the people whose words these are have agreed to; for the model card
 * @param weight its examples are drawn this many times as often as their number says
 * @param fromStep the first step that draws from it
 * @param untilStep the last step that draws from it
 */
public record DataFile(
        Path path,
        String language,
        String format,
        String licence,
        String consent,
        double weight,
        int fromStep,
        int untilStep) {

    /** Drawn as often as its examples are many, in all steps. */
    public DataFile(Path path, String language, String format, String licence) {
        this(path, language, format, licence, "", 1, 1, Integer.MAX_VALUE);
    }
}
