package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What {@code tokenizer info} found, for people. */
record TokenizerInfoText(JsonNode info) {
    private static final int MOST_SPECIAL = 12;

    List<String> lines() {
        List<String> all = new ArrayList<>();
        all.add(line("model", info.get("type").stringValue()));
        all.add(line("vocabulary", count(info.get("vocabulary").longValue())));
        all.add(line("added tokens", count(info.get("added_tokens").longValue())));
        for (String block : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
            List<String> steps = new ArrayList<>();
            info.get(block).forEach(s -> steps.add(s.stringValue()));
            all.add(line(block, steps.isEmpty() ? "none" : String.join(", ", steps)));
        }
        all.add(line("special tokens", special()));
        List<String> roles = new ArrayList<>();
        info.get("roles").forEachEntry((role, id) -> roles.add(role + " " + id));
        all.add(line("roles", roles.isEmpty() ? "none" : String.join(", ", roles)));
        if (info.has("languages")) {
            all.add("");
            all.add(
                    row(
                            "language",
                            "texts",
                            "words",
                            "tokens",
                            "tokens",
                            "tokens",
                            "bytes",
                            "unknown",
                            "words"));
            all.add(row("", "", "", "", "/word", "/char", "/token", "tokens", "continued"));
            info.get("languages").forEachEntry((name, f) -> all.add(language(name, f)));
        }
        return all;
    }

    private String special() {
        List<String> names = new ArrayList<>();
        info.get("special_tokens")
                .forEach(t -> names.add(t.get("token").stringValue() + " " + t.get("id")));
        int more = names.size() - MOST_SPECIAL;
        List<String> shown = names.subList(0, Math.min(MOST_SPECIAL, names.size()));
        return names.isEmpty()
                ? "none"
                : String.join(", ", shown) + (more > 0 ? " and " + count(more) + " more" : "");
    }

    private static String language(String name, JsonNode f) {
        return row(
                name,
                count(f.get("texts").longValue()),
                count(f.get("words").longValue()),
                count(f.get("tokens").longValue()),
                number(f, "fertility", "%.2f", 1),
                number(f, "tokens_per_character", "%.3f", 1),
                number(f, "bytes_per_token", "%.2f", 1),
                number(f, "unknown_share", "%.2f %%", 100),
                number(f, "continued_word_share", "%.1f %%", 100));
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%-16s %9s %11s %11s %7s %7s %7s %9s %10s", cells);
    }

    private static String number(JsonNode f, String key, String format, double scale) {
        JsonNode n = f.get(key);
        return n.isNull() ? "-" : String.format(Locale.ROOT, format, scale * n.doubleValue());
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String line(String what, String value) {
        return String.format(Locale.ROOT, "%-22s %s", what, value);
    }
}
