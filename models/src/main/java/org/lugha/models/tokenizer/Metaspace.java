package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Spaces as a visible sign, mostly U+2581, and text cut before each. */
record Metaspace(char sign, Prepend prepend, boolean split) implements Splitter, Decoder {
    /** Before which pieces the sign is put, unless they begin with one. */
    enum Prepend {
        FIRST,
        NEVER,
        ALWAYS
    }

    @Override
    public void split(Aligned in, Consumer<Aligned> out) {
        String text = in.text();
        Aligned spaced = text.indexOf(' ') < 0 ? in : in.replaced(text.replace(' ', sign));
        boolean wanted =
                prepend == Prepend.ALWAYS || (prepend == Prepend.FIRST && spaced.start(0) == 0);
        if (wanted && spaced.charAt(0) != sign) {
            spaced = new Normalizer.Prepend(String.valueOf(sign)).apply(spaced);
        }
        if (!split) {
            out.accept(spaced);
            return;
        }
        Behavior.Cuts cuts = Behavior.MergedWithNext.cuts(spaced, false, out);
        for (int i = 0; i < spaced.length(); i++) {
            if (spaced.charAt(i) == sign) {
                cuts.match(i, i + 1);
            }
        }
        cuts.end();
    }

    @Override
    public List<String> apply(List<String> tokens) {
        List<String> out = new ArrayList<>(tokens.size());
        for (String token : tokens) {
            boolean dropped = out.isEmpty() && prepend != Prepend.NEVER;
            out.add(token.replace(String.valueOf(sign), dropped ? "" : " "));
        }
        return out;
    }

    static Metaspace parse(JsonNode block) {
        String sign = Json.text(block, "replacement");
        if (sign.length() != 1) {
            throw Json.unsupported("replacement of Metaspace", sign);
        }
        JsonNode old = block.path("add_prefix_space");
        String scheme = block.path("prepend_scheme").asString("always");
        Prepend prepend =
                switch (scheme) {
                    case "first" -> Prepend.FIRST;
                    case "never" -> Prepend.NEVER;
                    case "always" -> Prepend.ALWAYS;
                    default -> throw Json.unsupported("prepend_scheme", scheme);
                };
        if (old.isBoolean() && !old.booleanValue()) {
            if (block.has("prepend_scheme") && prepend != Prepend.NEVER) {
                throw Json.unsupported("add_prefix_space: false beside prepend_scheme", scheme);
            }
            prepend = Prepend.NEVER;
        }
        return new Metaspace(sign.charAt(0), prepend, Json.flag(block, "split", true));
    }
}
