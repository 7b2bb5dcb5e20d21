package org.lugha.models.corpus;

import java.lang.Character.UnicodeScript;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Sums over texts: of a file, or of a language. */
public final class Figures {
    private final Lengths lengths = new Lengths();
    private final long[] letters = new long[UnicodeScript.values().length + 1];
    private final long[] texts = new long[letters.length];
    private final Place[] first = new Place[letters.length];
    private long all;
    private long characters;
    private long bytes;
    private long words;
    private long tokens;
    private long unknowns;
    private long controls;
    private long decomposed;
    private long mixed;

    Figures() {}

    void add(TextMeasure m, Place place, boolean byTokens) {
        all++;
        characters += m.characters;
        bytes += m.bytes;
        words += m.words;
        tokens += m.tokens;
        unknowns += m.unknowns;
        controls += m.controls;
        decomposed += m.decomposed && !m.composed ? 1 : 0;
        mixed += m.decomposed || m.composed ? 0 : 1;
        lengths.add(byTokens ? m.tokens : m.characters);
        texts[m.mainScript]++;
        first[m.mainScript] = first[m.mainScript] == null ? place : first[m.mainScript];
        for (int k = 0; k < letters.length; k++) {
            letters[k] += m.letters[k];
        }
    }

    public long texts() {
        return all;
    }

    /** Unicode code points. */
    public long characters() {
        return characters;
    }

    /** Of the texts as UTF-8. */
    public long bytes() {
        return bytes;
    }

    /** What stands between white space or Ethiopic wordspaces. */
    public long words() {
        return words;
    }

    /** 0 without a tokenizer. */
    public long tokens() {
        return tokens;
    }

    /** Tokens that stand for something unknown. */
    public long unknowns() {
        return unknowns;
    }

    public long controls() {
        return controls;
    }

    /** Texts in Unicode's form NFD that are not in NFC. */
    public long decomposed() {
        return decomposed;
    }

    /** Texts in neither form. */
    public long mixed() {
        return mixed;
    }

    /** In tokens, or characters without a tokenizer. */
    public Lengths lengths() {
        return lengths;
    }

    /** The share of letters in each script, the largest first. */
    public SequencedMap<String, Double> scripts() {
        long sum = 0;
        for (int k = 1; k < letters.length; k++) {
            sum += letters[k];
        }
        SequencedMap<String, Double> shares = new LinkedHashMap<>();
        long[] left = letters.clone();
        for (int k = largest(left); left[k] > 0 && k > 0; k = largest(left)) {
            shares.put(TextMeasure.scriptAt(k).name(), (double) left[k] / sum);
            left[k] = 0;
        }
        return shares;
    }

    /**
     * Texts that are mainly in another script than most are: another language by mistake, perhaps.
     * The first place of each script.
     */
    public SequencedMap<String, Place> strangers() {
        SequencedMap<String, Place> strange = new LinkedHashMap<>();
        int usual = largest(texts);
        for (int k = 1; k < texts.length; k++) {
            if (k != usual && texts[k] > 0) {
                strange.put(TextMeasure.scriptAt(k).name(), first[k]);
            }
        }
        return Collections.unmodifiableSequencedMap(strange);
    }

    /** How many texts {@link #strangers} are. */
    public long strange() {
        long n = 0;
        int usual = largest(texts);
        for (int k = 1; k < texts.length; k++) {
            n += k == usual ? 0 : texts[k];
        }
        return n;
    }

    /** The index of the largest of all but the first. */
    private static int largest(long[] numbers) {
        int best = 1;
        for (int k = 2; k < numbers.length; k++) {
            best = numbers[k] > numbers[best] ? k : best;
        }
        return best;
    }
}
