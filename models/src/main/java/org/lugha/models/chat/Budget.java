package org.lugha.models.chat;

import java.util.List;
import java.util.Map;
import org.lugha.models.RequestException;

/** What one rendering may use; a template that needs more ends with an error in words. */
final class Budget {
    static final int DEPTH = 100;
    private static final long STEPS = 700_000;
    private static final long SIZE = 50_000_000;

    private long steps;
    private long size;
    private int depth;

    /** Counts the evaluation of one node. */
    void step() {
        if (++steps > STEPS) {
            throw new RequestException(
                    "chat template: more than %,d steps; does it loop for ever?".formatted(STEPS));
        }
    }

    /** Counts characters or items made or read. */
    void grow(long n) {
        size += n;
        if (size > SIZE) {
            throw new RequestException(
                    "chat template: more than %,d characters handled; does it grow without bound?"
                            .formatted(SIZE));
        }
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
                    "chat template: macros call each other more than %d deep".formatted(DEPTH));
        }
    }

    void leave() {
        depth--;
    }
}
