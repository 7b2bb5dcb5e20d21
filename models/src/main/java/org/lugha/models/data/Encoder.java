package org.lugha.models.data;

import java.util.Arrays;
import org.lugha.models.RequestException;
import org.lugha.models.tokenizer.Encoding;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * Turns text into examples. Prompt and completion are encoded jointly and the mask comes from
 * character offsets: a token counts if it holds any character of the completion. A document ends
 * with one end token, which counts, whatever the padding id is.
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
        return encode(Marked.all(text), language);
    }

    /** Only what comes after the prompt counts, and the end token. */
    public Example completion(String prompt, String completion, String language) {
        requireEnd();
        Marked m = Marked.after(prompt, completion);
        return encode(everything ? m.everything() : m, language);
    }

    /** Refuses answers that could not be ended. */
    void requireEnd() {
        if (eos < 0) {
            throw new RequestException(
                    "completion data needs an end token: name eos_token in tokenizer_config.json"
                            + " or eos_token_id in config.json");
        }
    }

    /**
     * Tokenises a text as one. A token counts if it holds any character that counts; the end token
     * of a document counts if its last character does, whatever the padding id is.
     */
    public Example encode(Marked m, String language) {
        Encoding e = tokenizer.encode(m.text(), !m.conversation());
        int[] ids = m.conversation() ? e.ids() : withEnd(e.ids());
        int[] labels = new int[ids.length];
        Arrays.fill(labels, Example.NOT_COUNTED);
        int next = 0;
        for (Marked.Range r : m.counted()) {
            while (next < e.size() && e.ends()[next] <= r.from()) {
                next++;
            }
            int first = next;
            while (next < e.size() && isWithin(e, next, r)) {
                labels[next] = ids[next];
                next++;
            }
            if (m.conversation() && r.from() >= 0) {
                endTurn(m.text(), e, labels, first, next);
            }
        }
        if (m.endCounts() && ids.length > 0 && ids[ids.length - 1] == eos) {
            labels[ids.length - 1] = eos; // also one that the post-processor added
        }
        return new Example(ids, labels, language);
    }

    private static boolean isWithin(Encoding e, int i, Marked.Range r) {
        return e.starts()[i] < r.to() || e.ends()[i] <= r.to();
    }

    /**
     * An answer counts up to its end token: white space that the template writes behind one does
     * not, and one that it writes behind the answer does.
     */
    private void endTurn(String text, Encoding e, int[] labels, int first, int to) {
        int last = to - 1;
        while (last >= first && isBlank(text, e, last)) {
            last--;
        }
        if (last >= first && tokenizer.isSpecial(e.ids()[last])) {
            Arrays.fill(labels, last + 1, to, Example.NOT_COUNTED);
            return;
        }
        int end = to;
        while (end < e.size() && isBlank(text, e, end)) {
            end++;
        }
        if (end < e.size() && to > first && isEnd(e.ids()[end], end == to)) {
            System.arraycopy(e.ids(), to, labels, to, end + 1 - to);
        }
    }

    private boolean isBlank(String text, Encoding e, int i) {
        return !tokenizer.isSpecial(e.ids()[i])
                && text.substring(e.starts()[i], e.ends()[i]).isBlank();
    }

    /** The end token, or another one that follows at once, as {@code <|im_end|>} does. */
    private boolean isEnd(int id, boolean adjacent) {
        return id == eos
                || adjacent && tokenizer.isSpecial(id) && id != tokenizer.bosId().orElse(-1);
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
