package org.lugha.models.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;

/**
 * UTF-8 that was read as Windows-1252 or Latin-1 and written as UTF-8 again, as in {@code Ã©} for
 * {@code é}. Pairs that well-written text has too, such as a capital before a quotation mark, are
 * not taken for it.
 */
final class Mojibake {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    /** Also stand behind letters in good text: no sign of anything. */
    private static final String USUAL = "\u00A0’…–—";

    /** Also stand behind letters in good text, but then no letter follows. */
    private static final String CLOSING = "»›‹‘”“„‚";

    private static final int FIRST_LEAD = 0xC2;
    private static final int LEAD_OF_THREE = 0xE0;
    private static final int LAST_LEAD = 0xEF;

    private Mojibake() {}

    /** What it reads and what it may have been, or null. */
    static String find(String s) {
        for (int i = 0; i + 1 < s.length(); i++) {
            char lead = s.charAt(i);
            if (lead >= FIRST_LEAD && lead <= LAST_LEAD) {
                int n = lead < LEAD_OF_THREE ? 2 : 3;
                if (i + n <= s.length() && isMojibake(s, i, n)) {
                    String read = s.substring(i, i + n);
                    return "'" + read + "' may have been '" + restored(read) + "'";
                }
            }
        }
        return null;
    }

    private static boolean isMojibake(String s, int lead, int n) {
        int next = lead + n;
        boolean letterFollows = next < s.length() && Character.isLetter(s.charAt(next));
        boolean odd = false;
        for (int i = lead + 1; i < next; i++) {
            char c = s.charAt(i);
            int b = octet(c);
            if (b < 0x80 || b > 0xBF) {
                return false;
            }
            boolean closing = CLOSING.indexOf(c) >= 0;
            odd |= closing ? letterFollows : USUAL.indexOf(c) < 0;
        }
        return odd && restored(s.substring(lead, next)).indexOf('\uFFFD') < 0;
    }

    private static String restored(String read) {
        byte[] bytes = new byte[read.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) octet(read.charAt(i));
        }
        return new String(bytes, UTF_8);
    }

    /** The byte that reads as a character; -1 where there is none. */
    private static int octet(char c) {
        if (c <= 0xFF) {
            return c;
        }
        byte[] b = Character.isSurrogate(c) ? new byte[0] : Character.toString(c).getBytes(WINDOWS);
        return b.length == 1 && b[0] != '?' ? b[0] & 0xFF : -1;
    }
}
