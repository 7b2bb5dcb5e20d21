package org.lugha.models.tokenizer;

import java.util.regex.Pattern;

/** Cuts into words that files name instead of giving a pattern. */
final class Words {
    /** What GPT-2 calls words. Marks are not letters here, so that NFD text falls apart. */
    static final RegexSplit GPT2 =
            new RegexSplit(
                    Oniguruma.compile(
                            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),
                    Behavior.Isolated,
                    false);

    /** Runs of word characters, runs of signs, and no white space. */
    static final RegexSplit AND_SIGNS =
            new RegexSplit(
                    Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS),
                    Behavior.Removed,
                    true);

    private Words() {}
}
