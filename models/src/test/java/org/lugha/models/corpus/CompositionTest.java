package org.lugha.models.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Against the JDK's own answer. */
class CompositionTest {
    private final Composition composition = new Composition();

    private void same(String s) {
        assertEquals(Normalizer.isNormalized(s, Form.NFC), composition.isNfc(s), () -> s);
    }

    @Property
    void lettersAndMarks(
            @ForAll
                    @StringLength(max = 12)
                    @Chars({
                        'a', 'e', 'o', 'ọ', 'ạ', 'é', '\u1100', '\u1161', '\u11A8', '각', '\u2126'
                    })
                    @CharRange(from = '\u0300', to = '\u0330')
                    @CharRange(from = '\u09BC', to = '\u09D0')
                    @CharRange(from = '\u0F40', to = '\u0F80')
                    String s) {
        same(s);
        assertTrue(composition.isNfc(Normalizer.normalize(s, Form.NFC)));
    }

    @Property
    void anythingAtAll(@ForAll @Size(max = 6) int[] points, @ForAll @IntRange(max = 3) int plane) {
        StringBuilder s = new StringBuilder();
        for (int p : points) {
            s.appendCodePoint(Math.floorMod(p, 0x10000) + (plane == 3 ? 0x10000 : 0));
        }
        same(s.toString());
    }

    @Test
    void everyCharacterAloneAndBehindALetter() {
        for (int c = 0; c < 0x20000; c++) {
            String s = Character.toString(c);
            same(s);
            same("o" + s);
            same("ন" + s + "\u09BE");
        }
    }
}
