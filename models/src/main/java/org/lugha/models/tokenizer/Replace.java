package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Other text for every match of a pattern, before the model or when tokens become text. */
record Replace(Pattern pattern, String literal, String content) implements Normalizer, Decoder {
    private static final int MOST = 1 << 28;

    @Override
    public Aligned apply(Aligned in) {
        if (in.length() == 0) {
            return in;
        }
        String text = in.text();
        if (literal != null && literal.length() == 1 && content.length() == 1) {
            return text.contains(literal)
                    ? in.replaced(text.replace(literal.charAt(0), content.charAt(0)))
                    : in;
        }
        Matcher m = pattern.matcher(new Patience(text, text.length()));
        if (!m.find()) {
            return in;
        }
        Aligned.Builder out = new Aligned.Builder(in);
        int end = -1;
        do {
            if (m.end() > m.start() || m.start() != end) {
                out.copyTo(m.start());
                out.skip(text.codePointCount(m.start(), m.end()));
                content.codePoints().forEach(out::insert);
                end = m.end();
            }
        } while (m.find());
        out.copyTo(text.length());
        return out.build();
    }

    @Override
    public List<String> apply(List<String> tokens) {
        List<String> out = new ArrayList<>(tokens.size());
        for (String token : tokens) {
            if (token.length() * (content.length() + 1L) > MOST) {
                throw new TokenizerException(
                        String.format(
                                Locale.ROOT,
                                "decode: expected tokens that Replace makes a text of, got one of %d chars and %d for each match; change the decoder in tokenizer.json",
                                token.length(),
                                content.length()));
            }
            out.add(
                    literal != null
                            ? token.replace(literal, content)
                            : apply(Aligned.verbatim(token, 0)).text());
        }
        return out;
    }

    static Replace parse(JsonNode block) {
        JsonNode pattern = block.path("pattern");
        String content = Json.text(block, "content");
        if (pattern.path("String").isString()) {
            String literal = pattern.path("String").stringValue();
            if (literal.isEmpty()) {
                throw Json.unsupported("pattern of Replace", "");
            }
            return new Replace(Pattern.compile(Pattern.quote(literal)), literal, content);
        }
        return new Replace(Oniguruma.compile(Json.text(pattern, "Regex")), null, content);
    }
}
