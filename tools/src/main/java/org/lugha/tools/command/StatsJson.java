package org.lugha.tools.command;

import org.lugha.models.corpus.CorpusStats;
import org.lugha.models.corpus.Figures;
import org.lugha.models.corpus.Lengths;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code data stats} counted, as JSON. */
record StatsJson(CorpusStats stats) {

    String text() {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        Figures all = stats.total();
        ObjectNode languages = o.putObject("languages");
        stats.languages()
                .forEach((language, f) -> {
                    ObjectNode one = languages.putObject(language);
                    ObjectNode share = one.putObject("share");
                    number(share, "texts", (double) f.texts() / all.texts());
                    number(share, "bytes", (double) f.bytes() / all.bytes());
                    number(share, "tokens", (double) f.tokens() / all.tokens());
                    figures(one, f);
                });
        figures(o.putObject("all"), all);
        var files = o.putArray("files");
        for (CorpusStats.OfFile f : stats.files()) {
            ObjectNode one = files.addObject();
            one.put("path", f.path().toString()).put("format", f.format());
            one.put("lines", f.lines()).put("examples", f.examples()).put("bad", f.bad());
            if (stats.hasDuplicates()) {
                one.put("duplicates", f.exact()).put("near_duplicates", f.near());
            }
            figures(one, f.figures());
        }
        if (stats.hasDuplicates()) {
            ObjectNode d = o.putObject("duplicates");
            d.put("exact", stats.exact()).put("near", stats.near());
            d.put("estimated_from_one_of", stats.scale());
            var first = d.putArray("first");
            stats.pairs().forEach(first::add);
        }
        return JsonMapper.shared().writeValueAsString(o);
    }

    private void figures(ObjectNode o, Figures f) {
        o.put("texts", f.texts()).put("characters", f.characters()).put("bytes", f.bytes());
        o.put("words", f.words());
        if (stats.hasTokens()) {
            o.put("tokens", f.tokens());
            number(o, "fertility", (double) f.tokens() / f.words());
            number(o, "bytes_per_token", (double) f.bytes() / f.tokens());
            number(o, "unknown_share", (double) f.unknowns() / f.tokens());
        }
        Lengths l = f.lengths();
        ObjectNode lengths = o.putObject("length");
        lengths.put("unit", stats.hasTokens() ? "tokens" : "characters");
        number(lengths, "mean", l.mean());
        number(lengths, "median", l.quantile(0.5));
        number(lengths, "p95", l.quantile(0.95));
        lengths.put("max", l.max());
        ObjectNode scripts = o.putObject("scripts");
        f.scripts().forEach(scripts::put);
        ObjectNode form = o.putObject("normalization");
        form.put("nfc", f.texts() - f.decomposed() - f.mixed());
        form.put("nfd", f.decomposed()).put("neither", f.mixed());
        o.put("control_characters", f.controls());
        ObjectNode strange = o.putObject("other_script");
        strange.put("texts", f.strange());
        ObjectNode first = strange.putObject("first");
        f.strangers().forEach((script, place) -> first.put(script, place.toString()));
    }

    private static void number(ObjectNode o, String key, double value) {
        if (Double.isFinite(value)) {
            o.put(key, value);
        } else {
            o.putNull(key);
        }
    }
}
