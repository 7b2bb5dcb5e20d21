package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Translation edit rate of a corpus (Snover et al. 2006): {@code 100 edits / reference words}, less
 * is better. An edit inserts, deletes or replaces a word, or moves a run of words. Of several
 * references the one with the fewest edits counts, over the mean length of them all. A corpus of
 * empty references has 100, or 0 where the hypotheses are empty too.
 *
 * <p>Equal to sacrebleu's and so, but for odd cases, to Tercom's; its default with the default
 * settings.
 *
 * @param normalized whether signs are set apart from words first
 * @param noPunctuation whether {@code . , ? : ; ! " ( )} are removed
 * @param asian whether the two do so with Chinese and Japanese text too, whose characters are words
 *     then; runs of kana stay whole, as they do in sacrebleu
 * @param caseSensitive whether upper and lower case differ
 */
public record Ter(boolean normalized, boolean noPunctuation, boolean asian, boolean caseSensitive)
        implements CorpusMetric {
    private static final Pattern PUNCTUATION = Pattern.compile("[.,?:;!\"()]");

    private static final Pattern ASIAN_SIGNS =
            Pattern.compile(
                    "[\u3001\u3002\u3008-\u3011\u3014-\u301F\uFF61-\uFF65\u30FB"
                            + "\uFF0E\uFF0C\uFF1F\uFF1A\uFF1B\uFF01\uFF02\uFF08\uFF09]");

    /** One after the other: ideographs; strokes and radicals; compatibility forms; enclosed. */
    private static final List<Pattern> IDEOGRAPHS =
            List.of(
                    Pattern.compile("[\u4E00-\u9FFF\u3400-\u4DBF]"),
                    Pattern.compile("[\u31C0-\u31EF\u2E80-\u2EFF]"),
                    Pattern.compile("[\u3300-\u33FF\uF900-\uFAFF\uFE30-\uFE4F]"),
                    Pattern.compile("[\u3200-\u3F22]"),
                    ASIAN_SIGNS);

    /** Without normalisation, signs as part of words, all in lower case. */
    public Ter() {
        this(false, false, false, false);
    }

    @Override
    public Score score(List<String> hypotheses, List<List<String>> references) {
        Words.requirePairs("TER", hypotheses, references);
        long edits = 0;
        double length = 0;
        for (int i = 0; i < hypotheses.size(); i++) {
            List<String> made = words(hypotheses.get(i));
            int fewest = Integer.MAX_VALUE;
            long lengths = 0;
            for (List<String> lines : references) {
                List<String> reference = words(lines.get(i));
                fewest = Math.min(fewest, TerEdits.count(made, reference));
                lengths += reference.size();
            }
            edits += fewest;
            length += (double) lengths / references.size();
        }
        double rate = length > 0 ? edits / length : edits > 0 ? 1 : 0;
        return new Score("TER", 100 * rate, signature(references.size()));
    }

    private String signature(int references) {
        String more =
                "tok:tercom|norm:"
                        + (normalized ? "yes" : "no")
                        + "|punct:"
                        + (noPunctuation ? "no" : "yes")
                        + "|asian:"
                        + (asian ? "yes" : "no");
        return Words.signature(references, !caseSensitive, more);
    }

    /** Tercom's words. */
    List<String> words(String line) {
        String s = Words.stripEnd(line);
        s = caseSensitive ? s : Words.lower(s);
        if (normalized && !s.isEmpty()) {
            s = WesternSigns.unescape(s.replace("\n-", "").replace("\n", " "));
            s = WesternSigns.apartWithPossessives(" " + s + " ");
            s = asian ? asianApart(s) : s;
        }
        if (noPunctuation) {
            s = PUNCTUATION.matcher(s).replaceAll("");
            s = asian ? ASIAN_SIGNS.matcher(s).replaceAll("") : s;
        }
        return new ArrayList<>(Words.split(s));
    }

    private static String asianApart(String text) {
        String s = text;
        for (Pattern p : IDEOGRAPHS) {
            s = p.matcher(s).replaceAll(" $0 ");
        }
        return s;
    }
}
