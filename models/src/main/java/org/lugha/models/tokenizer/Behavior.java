package org.lugha.models.tokenizer;

import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** What becomes of the matches at which text is cut; the names are those of tokenizer.json. */
enum Behavior {
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous;

    static Behavior parse(JsonNode block) {
        String name = Json.text(block, "behavior");
        for (Behavior b : values()) {
            if (b.name().equals(name)) {
                return b;
            }
        }
        throw Json.unsupported("behavior of " + Json.type(block), name);
    }

    /** Takes the matches of a text in their order and hands on the pieces. */
    Cuts cuts(Aligned text, boolean invert, Consumer<Aligned> out) {
        return new Cuts(this, text, invert, out);
    }

    /** Where a text has been cut so far; the last piece may still grow. */
    static final class Cuts {
        private final Behavior behavior;
        private final Aligned text;
        private final boolean invert;
        private final Consumer<Aligned> out;
        private int at;
        private int from;
        private int to;
        private boolean lastMatched;

        private Cuts(Behavior behavior, Aligned text, boolean invert, Consumer<Aligned> out) {
            this.behavior = behavior;
            this.text = text;
            this.invert = invert;
            this.out = out;
        }

        void match(int begin, int end) {
            if (begin > at) {
                part(at, begin, invert);
            }
            part(begin, end, !invert);
            at = end;
        }

        void end() {
            if (at < text.length()) {
                part(at, text.length(), invert);
            }
            flush();
        }

        private void part(int begin, int end, boolean match) {
            switch (behavior) {
                case Isolated -> emit(begin, end);
                case Removed -> {
                    if (!match) {
                        emit(begin, end);
                    }
                }
                case Contiguous -> grow(begin, end, match == lastMatched);
                case MergedWithPrevious -> grow(begin, end, match && !lastMatched);
                case MergedWithNext -> grow(begin, end, !match && lastMatched);
            }
            lastMatched = match;
        }

        private void grow(int begin, int end, boolean joins) {
            if (!joins) {
                flush();
                from = begin;
            }
            to = end;
        }

        private void flush() {
            emit(from, to);
            from = to;
        }

        private void emit(int begin, int end) {
            if (end > begin) {
                out.accept(text.slice(begin, end));
            }
        }
    }
}
