package org.lugha.models.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One file of examples.
 *
 * @param language of all its examples; empty where the lines say it, or nobody does
 * @param format how a line becomes an example: see {@link LineEncoder}
 * @param consent what the people whose words these are have agreed to; for the model card
 * @param weight its examples are drawn this many times as often as their number says
 * @param fromStep the first step that draws from it
 * @param untilStep the last step that draws from it
 * @param loss which tokens count; empty where the whole data's rule does
 * @param task name of the tag that opens its prompts; empty for prompts without tags
 * @param answer name of the tag that closes them; empty for a translation's, which is its language
 */
public record DataFile(
        Path path,
        String language,
        String format,
        String licence,
        String consent,
        double weight,
        int fromStep,
        int untilStep,
        Optional<Loss> loss,
        String task,
        String answer) {

    /** Drawn as often as its examples are many, in all steps. */
    public DataFile(Path path, String language, String format, String licence) {
        this(path, language, format, licence, "", 1, 1, Integer.MAX_VALUE);
    }

    /** The whole data's rule says what counts, and prompts have no tags. */
    public DataFile(
            Path path,
            String language,
            String format,
            String licence,
            String consent,
            double weight,
            int fromStep,
            int untilStep) {
        this(
                path,
                language,
                format,
                licence,
                consent,
                weight,
                fromStep,
                untilStep,
                Optional.empty(),
                "",
                "");
    }
}
