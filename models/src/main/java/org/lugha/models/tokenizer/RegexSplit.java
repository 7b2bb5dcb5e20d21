package org.lugha.models.tokenizer;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Cuts text at the matches of a pattern; {@code invert} takes what lies between them instead. */
record RegexSplit(Pattern pattern, Behavior behavior, boolean invert) implements Splitter {
    @Override
    public void split(Aligned text, Consumer<Aligned> out) {
        int offset = text.offset();
        Matcher m =
                pattern.matcher(new Patience(text.whole(), text.length()))
                        .region(offset, offset + text.length());
        Behavior.Cuts cuts = behavior.cuts(text, invert, out);
        int last = -1;
        try {
            while (m.find()) {
                if (m.end() > m.start() || m.start() != last) {
                    cuts.match(m.start() - offset, m.end() - offset);
                    last = m.end();
                }
            }
        } catch (StackOverflowError e) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "encode: expected a text that the pattern %s can match, got %d chars on which it recurs too deep; cut the text or change the pattern",
                            pattern,
                            text.length()),
                    e);
        }
        cuts.end();
    }

    static Splitter parse(JsonNode block) {
        JsonNode pattern = block.path("pattern");
        Behavior behavior = Behavior.parse(block);
        boolean invert = Json.flag(block, "invert", false);
        if (pattern.path("String").isString()) {
            String literal = pattern.path("String").stringValue();
            return new RegexSplit(Pattern.compile(Pattern.quote(literal)), behavior, invert);
        }
        String regex = Json.text(pattern, "Regex");
        Pattern compiled = Oniguruma.compile(regex);
        return new RegexSplit(compiled, behavior, invert);
    }
}
