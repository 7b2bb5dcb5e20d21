package org.lugha.models.chat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lugha.models.RequestException;

/** What one rendering may use; a template that needs more ends with an error in words. */
final class Budget {
    static final int DEPTH = 100;
    private static final long STEPS = 700_000;
    private static final long SIZE = 50_000_000;

    /** What an item of a list takes in memory, in characters. */
    static final long ITEM = 20;

    private long steps;
    private long size;
    private int depth;

    /** Counts the evaluation of one node. */
    void step() {
        if (++steps > STEPS) {
            throw new RequestException(
                    String.format(
                            Locale.ROOT,
                            "chat template: more than %,d steps; does it loop for ever?",
                            STEPS));
        }
    }

    /** Counts characters or items made or read. */
    void grow(long n) {
        size += n;
        if (size > SIZE) {
            throw new RequestException(
                    String.format(
                            Locale.ROOT,
                            "chat template: more than %,d characters handled; does it grow without bound?",
                            SIZE));
        }
    }

    /** Counts characters looked at: sixteen cost what one made does. */
    String read(String s) {
        grow(s.length() >> 4);
        return s;
    }

    /** What a loop goes over; made for it, so that it may be changed. */
    List<Object> items(Object v) {
        grow(v instanceof String s ? ITEM * s.length() : v instanceof List<?> l ? l.size() : 0);
        return Values.items(v);
    }

    /** Counts what a value will take as text. */
    void weigh(Object v) {
        grow(1);
        switch (v) {
            case String s -> grow(s.length());
            case List<?> l -> l.forEach(this::weigh);
            case Map<?, ?> m ->
                    m.forEach((key, x) -> {
                        weigh(key);
                        weigh(x);
                    });
            case null, default -> {}
        }
    }

    /** A value as text. */
    String print(Object v) {
        weigh(v);
        return Values.text(v);
    }

    String text(String s) {
        grow(s.length());
        return s;
    }

    void enter() {
        if (++depth > DEPTH) {
            throw new RequestException(
                    String.format(
                            Locale.ROOT,
                            "chat template: macros call each other more than %d deep",
                            DEPTH));
        }
    }

    void leave() {
        depth--;
    }
}
