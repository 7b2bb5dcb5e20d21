package org.lugha.models.evaluate;

import java.util.List;
import java.util.regex.Pattern;

/** Words by rules that are part of BLEU's definition; equal to sacrebleu's. */
public enum RuleSegmentation implements Segmentation {
    /** As mteval-v13a has it: the usual one, for languages with spaces between words. */
    V13A("13a") {
        @Override
        public List<String> words(String line) {
            String s = line.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
            return Words.split(WesternSigns.apart(" " + WesternSigns.unescape(s) + " "));
        }
    },

    /** As mteval-v14 has it with {@code --international-tokenization}: by Unicode's classes. */
    INTL("intl") {
        @Override
        public List<String> words(String line) {
            String s = AFTER_OTHER.matcher(line).replaceAll("$1 $2 ");
            s = BEFORE_OTHER.matcher(s).replaceAll(" $1 $2");
            return Words.split(SYMBOL.matcher(s).replaceAll(" $0 "));
        }
    },

    /** Every character that is not white space. */
    CHAR("char") {
        @Override
        public List<String> words(String line) {
            return line.codePoints()
                    .filter(c -> !Words.isSpace(c))
                    .mapToObj(Character::toString)
                    .toList();
        }
    },

    /** What white space separates; for text that is segmented already. */
    NONE("none") {
        @Override
        public List<String> words(String line) {
            return Words.split(line);
        }
    },

    /** Every Chinese character alone, and 13a's rules for the rest. */
    ZH("zh") {
        @Override
        public List<String> words(String line) {
            StringBuilder s = new StringBuilder();
            Words.strip(line)
                    .codePoints()
                    .forEach(c -> {
                        boolean alone = isChinese(c);
                        s.append(alone ? " " : "").appendCodePoint(c).append(alone ? " " : "");
                    });
            return Words.split(WesternSigns.apart(s.toString()));
        }
    };

    private static final Pattern AFTER_OTHER = Pattern.compile("(\\P{N})(\\p{P})");
    private static final Pattern BEFORE_OTHER = Pattern.compile("(\\p{P})(\\P{N})");
    private static final Pattern SYMBOL = Pattern.compile("\\p{S}");

    /**
     * Sacrebleu's ranges, first and last. The first one is what its two planes beyond the basic one
     * come to: they are written with four digits and a fifth character.
     */
    private static final int[] CHINESE = {
        0x2001, 0x2A6D, 0x2E80, 0x2FDF, 0x2FF0, 0x303F, 0x3100, 0x312F, 0x31A0, 0x31BF, 0x31C0,
        0x31EF, 0x3200, 0x4DB5, 0x4E00, 0x9FBB, 0xF900, 0xFA2D, 0xFA30, 0xFA6A, 0xFA70, 0xFAD9,
        0xFE10, 0xFE1F, 0xFE30, 0xFE4F, 0xFF00, 0xFFEF
    };

    private final String word;

    RuleSegmentation(String word) {
        this.word = word;
    }

    @Override
    public String signature() {
        return word;
    }

    private static boolean isChinese(int c) {
        for (int i = 0; i < CHINESE.length; i += 2) {
            if (c >= CHINESE[i] && c <= CHINESE[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
