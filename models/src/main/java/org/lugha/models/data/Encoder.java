package org.lugha.models.data;

import java.util.Arrays;
import org.lugha.models.RequestException;
import org.lugha.models.tokenizer.Encoding;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * Turns text into examples. Prompt and completion are encoded jointly and the mask comes from
 * character offsets: a token counts if it holds any character of the completion. The text ends with
 * one end token, which counts, whatever the padding id is.
 *
 * @param tokenizer null when the data holds ids
 * @param eos the end token's id, or -1 when there is none
 * @param everything count the prompt's tokens too
 */
public record Encoder(Tokenizer tokenizer, int eos, boolean everything) {

    /** Counts completions alone; the end token is the tokenizer's. */
    public static Encoder of(Tokenizer tokenizer) {
        return new Encoder(tokenizer, tokenizer.eosId().orElse(-1), false);
    }

    /** Every token counts; ends with the end token where there is one. */
    public Example text(String text, String language) {
        int[] ids = withEnd(tokenizer.encode(text).ids());
        return new Example(ids, ids.clone(), language);
    }

    /** Only what comes after the prompt counts, and the end token. */
    public Example completion(String prompt, String completion, String language) {
        if (eos < 0) {
            throw new RequestException(
                    "completion data needs an end token: name eos_token in tokenizer_config.json"
                            + " or eos_token_id in config.json");
        }
        Encoding e = tokenizer.encode(prompt + completion);
        int[] ids = withEnd(e.ids());
        int[] labels = ids.clone();
        for (int i = 0; i < e.ids().length && !everything; i++) {
            if (e.ends()[i] <= prompt.length()) {
                labels[i] = Example.NOT_COUNTED;
            }
        }
        if (ids[ids.length - 1] == eos) {
            labels[ids.length - 1] = eos; // also one that the post-processor added
        }
        return new Example(ids, labels, language);
    }

    /**
     * A line of a data file in one of the formats text, completion, translation, ids. A translation
     * is the prompt {@code "eng: Hello\nswa:"} and the completion {@code " Habari"}.
     */
    public Example line(ExampleFile.Line line, String format, String language) {
        return switch (format) {
            case "text" -> text(line.text("text"), language);
            case "completion" -> completion(line.text("prompt"), line.text("completion"), language);
            case "translation" ->
                    completion(
                            translationPrompt(
                                    line.text("src_lang"), line.text("src"), line.text("tgt_lang")),
                            " " + line.text("tgt"),
                            language.isEmpty() ? line.text("tgt_lang") : language);
            case "ids" -> ids(line, language);
            default -> throw line.wrong("format '" + format + "' is not supported");
        };
    }

    /** What a model adapted on translation data is asked with. */
    public static String translationPrompt(String source, String text, String target) {
        return source + ": " + text + "\n" + target + ":";
    }

    /** Ids with optional labels and mask; padding on the right is cut off by its length. */
    public static Example ids(ExampleFile.Line line, String language) {
        int[] ids = line.integers("input_ids");
        int[] labels = line.value().has("labels") ? line.integers("labels") : ids.clone();
        if (labels.length != ids.length) {
            throw line.wrong(
                    "has "
                            + ids.length
                            + " input_ids and "
                            + labels.length
                            + " labels; they must be as many");
        }
        int length = ids.length;
        if (line.value().has("attention_mask")) {
            int[] mask = line.integers("attention_mask");
            length = maskedLength(line, mask, ids.length);
        }
        return new Example(ids, labels, language).cut(length);
    }

    private static int maskedLength(ExampleFile.Line line, int[] mask, int ids) {
        if (mask.length != ids) {
            throw line.wrong(
                    "has "
                            + ids
                            + " input_ids and an attention_mask of "
                            + mask.length
                            + "; they must be as many");
        }
        int length = 0;
        while (length < ids && mask[length] != 0) {
            length++;
        }
        if (Arrays.stream(mask, length, ids).anyMatch(m -> m != 0)) {
            throw line.wrong("attention_mask must be ones, then zeros: padding goes to the right");
        }
        return length;
    }

    private int[] withEnd(int[] ids) {
        if (eos < 0 || ids.length > 0 && ids[ids.length - 1] == eos) {
            return ids;
        }
        int[] all = Arrays.copyOf(ids, ids.length + 1);
        all[ids.length] = eos;
        return all;
    }
}
