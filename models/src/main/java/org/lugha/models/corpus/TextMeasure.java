package org.lugha.models.corpus;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.lugha.models.tokenizer.Tokenizer;

/** What can be counted of one text. Used again for the next text. */
final class TextMeasure {
    private static final UnicodeScript[] SCRIPTS = UnicodeScript.values();
    private static final Map<UnicodeScript, Integer> NUMBERS = new EnumMap<>(UnicodeScript.class);
    private static final int TABLE = 1 << 16;
    private static final char ETHIOPIC_WORDSPACE = '\u1361';

    /** The script of every letter and mark of the first plane, plus one; 0 for all others. */
    private static final short[] SCRIPT_OF = new short[TABLE];

    static {
        for (int i = 0; i < SCRIPTS.length; i++) {
            NUMBERS.put(SCRIPTS[i], i + 1);
        }
        for (int c = 0; c < TABLE; c++) {
            SCRIPT_OF[c] = (short) script(c);
        }
    }

    final int[] letters = new int[SCRIPTS.length + 1];
    private final Composition composition = new Composition();
    private final Tokenizer tokenizer;
    private final int unknown;
    long characters;
    long bytes;
    long words;
    long controls;
    long tokens;
    long unknowns;
    int mainScript;
    boolean composed;
    boolean decomposed;

    /** {@code tokenizer} is null where tokens are not counted. */
    TextMeasure(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.unknown = tokenizer == null ? -1 : tokenizer.unknownId().orElse(-1);
    }

    static UnicodeScript scriptAt(int index) {
        return SCRIPTS[index - 1];
    }

    /** Ids instead of a text. */
    void ids(int number) {
        clear();
        tokens = number;
        composed = true;
        decomposed = true;
    }

    void read(String s) {
        clear();
        boolean between = true;
        for (int i = 0; i < s.length(); ) {
            char c = s.charAt(i);
            int point = Character.isSurrogate(c) ? s.codePointAt(i) : c;
            i += Character.charCount(point);
            characters++;
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < TABLE ? 3 : 4;
            boolean space = isSpace(point);
            words += between && !space ? 1 : 0;
            between = space;
            int script = point < TABLE ? SCRIPT_OF[point] : script(point);
            letters[script]++;
            controls += point < 0xA0 && isControl(point) ? 1 : 0;
        }
        for (int k = 1; k < letters.length; k++) {
            mainScript = letters[k] > (mainScript == 0 ? 0 : letters[mainScript]) ? k : mainScript;
        }
        composed = composition.isNfc(s);
        decomposed = !composed && Normalizer.isNormalized(s, Normalizer.Form.NFD);
        if (tokenizer != null) {
            int[] ids = tokenizer.encode(s, false).ids();
            tokens = ids.length;
            for (int id : ids) {
                unknowns += id == unknown ? 1 : 0;
            }
        }
    }

    private void clear() {
        Arrays.fill(letters, 0);
        characters = 0;
        bytes = 0;
        words = 0;
        controls = 0;
        tokens = 0;
        unknowns = 0;
        mainScript = 0;
    }

    private static boolean isSpace(int c) {
        if (c < 0x80) {
            return c == ' ' || c >= '\t' && c <= '\r';
        }
        return c == ETHIOPIC_WORDSPACE || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isControl(int c) {
        return (c < ' ' || c >= 0x7F) && c != '\t' && c != '\n';
    }

    private static int script(int c) {
        if (Folding.kind(c) == Folding.NONE || Character.isDigit(c)) {
            return 0;
        }
        UnicodeScript s = UnicodeScript.of(c);
        boolean own = s != UnicodeScript.COMMON && s != UnicodeScript.INHERITED;
        return own && s != UnicodeScript.UNKNOWN ? NUMBERS.get(s) : 0;
    }
}
