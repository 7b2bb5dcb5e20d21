package org.lugha.models.tokenizer;

import java.lang.Character.UnicodeScript;
import java.util.function.Consumer;

/**
 * Cuts text where the script changes. Kana counts as Han; a space, and what the reference's table
 * has no script for, goes with what is before it.
 */
record ScriptSplit() implements Splitter {
    @Override
    public void split(Aligned text, Consumer<Aligned> out) {
        UnicodeScript last = null;
        int from = -1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            UnicodeScript script = script(c);
            if (script != null && script != last) {
                if (from >= 0) {
                    out.accept(text.slice(from, i));
                }
                from = i;
                last = script;
            }
            i += Character.charCount(c);
        }
        // As in the reference, what stands before the first script is lost.
        if (from >= 0) {
            out.accept(text.slice(from, text.length()));
        }
    }

    private static UnicodeScript script(int c) {
        if (c == ' ') {
            return null;
        }
        UnicodeScript script = c == 0x30FC ? UnicodeScript.HAN : Characters.script(c);
        return script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA
                ? UnicodeScript.HAN
                : script;
    }
}
