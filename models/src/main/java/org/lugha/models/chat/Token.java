package org.lugha.models.chat;

import org.lugha.models.RequestException;

/** A piece of a template's source; text for DATA, the value for STRING. */
record Token(Kind kind, String text, int line) {
    enum Kind {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        PRINT_BEGIN,
        PRINT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind k, String s) {
        return kind == k && text.equals(s);
    }

    boolean op(String s) {
        return is(Kind.OPERATOR, s);
    }

    boolean name(String s) {
        return is(Kind.NAME, s);
    }

    RequestException wrong(String expected) {
        String got = kind == Kind.END ? "the end" : "'" + text + "'";
        return wrong(line, "expected " + expected + ", got " + got);
    }

    static RequestException wrong(int line, String what) {
        return new RequestException("chat template, line " + line + ": " + what);
    }
}
