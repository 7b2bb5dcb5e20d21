package org.lugha.models.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/** What can be wrong with a text, whatever it is about. Used again for the next text. */
final class TextCheck {
    private static final int DELETE = 0x7F;
    private static final int LAST_CONTROL = 0x9F;
    private static final int FIRST_ODD = 0x2028;

    /** One thing that is wrong. */
    record Fault(Finding.Level level, String rule) {}

    static final Fault CONTROL = new Fault(Finding.Level.ERROR, "control");
    static final Fault SURROGATE = new Fault(Finding.Level.ERROR, "surrogate");
    static final Fault NONCHARACTER = new Fault(Finding.Level.ERROR, "noncharacter");
    static final Fault REPLACED = new Fault(Finding.Level.WARNING, "replacement");
    static final Fault MOJIBAKE = new Fault(Finding.Level.WARNING, "mojibake");
    static final Fault INVISIBLE = new Fault(Finding.Level.WARNING, "invisible");
    static final Fault NOT_NFC = new Fault(Finding.Level.WARNING, "nfc");

    private final Composition composition = new Composition();

    /** Hands on everything that is wrong with the value of a key, each kind once. */
    void check(String key, String s, BiConsumer<Fault, String> found) {
        characters(key, s, found);
        String mojibake = Mojibake.find(s);
        if (mojibake != null) {
            found.accept(MOJIBAKE, key + " looks like UTF-8 that was read as Latin-1: " + mojibake);
        }
        if (!composition.isNfc(s)) {
            found.accept(NOT_NFC, key + " is not in Unicode's form NFC");
        }
    }

    private static void characters(String key, String s, BiConsumer<Fault, String> found) {
        List<Fault> told = new ArrayList<>(0);
        for (int i = 0; i < s.length(); ) {
            char c = s.charAt(i);
            if (c >= ' ' && c < DELETE || c > LAST_CONTROL && c < FIRST_ODD) {
                i++;
                continue;
            }
            int point = s.codePointAt(i);
            Fault fault = fault(point);
            if (fault != null && !told.contains(fault)) {
                found.accept(fault, key + " holds " + named(point) + where(s, i));
                told.add(fault);
            }
            i += Character.charCount(point);
        }
    }

    private static Fault fault(int c) {
        if (c < FIRST_ODD) {
            return c == '\t' || c == '\n' ? null : CONTROL;
        }
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            return SURROGATE;
        }
        if ((c & 0xFFFE) == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF) {
            return NONCHARACTER;
        }
        return switch (c) {
            case 0xFFFD -> REPLACED;
            case 0xFEFF, 0x2028, 0x2029 -> INVISIBLE;
            default -> null;
        };
    }

    private static String where(String s, int i) {
        return " at character " + (s.codePointCount(0, i) + 1);
    }

    private static String named(int c) {
        String what =
                c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                        ? "half of a surrogate pair"
                        : c == 0xFFFD
                                ? "the replacement character, left by an earlier conversion"
                                : Character.getName(c);
        return String.format(Locale.ROOT, "U+%04X", c) + (what == null ? "" : " (" + what + ")");
    }
}
