package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** Cuts text at the matches of a pattern; {@code invert} takes what lies between them instead. */
record RegexSplit(Pattern pattern, Behavior behavior, boolean invert) implements Splitter {
    /** What GPT-2 calls words. Marks are not letters here, so that NFD text falls apart. */
    static final RegexSplit GPT2 =
            new RegexSplit(
                    compile(
                            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),
                    Behavior.Isolated,
                    false);

    /** What becomes of a match; the names are those of tokenizer.json. */
    enum Behavior {
        Removed,
        Isolated,
        MergedWithPrevious,
        MergedWithNext,
        Contiguous
    }

    private record Part(int from, int to, boolean match) {}

    @Override
    public void split(Aligned text, Consumer<Aligned> out) {
        for (Part p : joined(parts(text.text()))) {
            if (p.to > p.from && !(p.match && behavior == Behavior.Removed)) {
                out.accept(text.slice(p.from, p.to));
            }
        }
    }

    /** Matches and what lies between them, in their order. */
    private List<Part> parts(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher m = pattern.matcher(text);
        int at = 0;
        while (m.find()) {
            if (m.start() > at) {
                parts.add(new Part(at, m.start(), invert));
            }
            parts.add(new Part(m.start(), m.end(), !invert));
            at = m.end();
        }
        if (at < text.length()) {
            parts.add(new Part(at, text.length(), invert));
        }
        return parts;
    }

    private List<Part> joined(List<Part> parts) {
        return switch (behavior) {
            case Isolated, Removed -> parts;
            case Contiguous -> joined(parts, (before, part) -> before.match == part.match);
            case MergedWithPrevious -> joined(parts, (before, part) -> part.match && !before.match);
            case MergedWithNext -> {
                List<Part> backwards =
                        joined(parts.reversed(), (after, part) -> part.match && !after.match);
                Collections.reverse(backwards);
                yield backwards;
            }
        };
    }

    private interface Joins {
        boolean test(Part neighbour, Part part);
    }

    private static List<Part> joined(List<Part> parts, Joins joins) {
        List<Part> out = new ArrayList<>();
        Part neighbour = null;
        for (Part part : parts) {
            if (neighbour != null && joins.test(neighbour, part)) {
                Part last = out.removeLast();
                out.add(
                        new Part(
                                Math.min(last.from, part.from),
                                Math.max(last.to, part.to),
                                last.match));
            } else {
                out.add(part);
            }
            neighbour = part;
        }
        return out;
    }

    static RegexSplit parse(JsonNode block) {
        JsonNode pattern = block.path("pattern");
        Pattern compiled =
                pattern.path("String").isString()
                        ? Pattern.compile(Pattern.quote(pattern.path("String").stringValue()))
                        : compile(Json.text(pattern, "Regex"));
        String behavior = Json.text(block, "behavior");
        for (Behavior b : Behavior.values()) {
            if (b.name().equals(behavior)) {
                return new RegexSplit(compiled, b, Json.flag(block, "invert", false));
            }
        }
        throw Json.unsupported("behavior of Split", behavior);
    }

    /**
     * Files hold patterns for the Oniguruma engine in its Ruby syntax: classes follow Unicode, and
     * ^ and $ match at every line. What means something else to Java is refused.
     */
    static Pattern compile(String regex) {
        for (String other : List.of("[[:", "[^[:", "\\h", "\\H", "\\Z")) {
            if (regex.contains(other)) {
                throw Json.unsupported("in a pattern", other);
            }
        }
        try {
            return Pattern.compile(
                    regex,
                    Pattern.UNICODE_CHARACTER_CLASS | Pattern.MULTILINE | Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            throw new TokenizerException(
                    "tokenizer.json: pattern %s is not supported: %s"
                            .formatted(
                                    Json.brief(Json.MAPPER.valueToTree(regex)), e.getDescription()),
                    e);
        }
    }
}
