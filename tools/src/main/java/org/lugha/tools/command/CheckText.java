package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.lugha.models.corpus.CorpusCheck;
import org.lugha.models.corpus.Finding;
import org.lugha.models.corpus.Finding.Level;
import org.lugha.models.corpus.Overlap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code data check} found, for people and as JSON.
 *
 * @param told findings that are shown; all are counted
 * @param overlap null where it was not looked for
 */
record CheckText(CorpusCheck check, List<Finding> told, Overlap overlap) {

    List<String> lines() {
        List<String> all = new ArrayList<>();
        for (Level level : List.of(Level.NOTE, Level.WARNING, Level.ERROR)) {
            List<Finding> some = told.stream().filter(f -> f.level() == level).toList();
            some.forEach(f -> all.add(f.toString().replaceAll("\\p{Cntrl}", "?")));
            long more = check.count(level) - some.size();
            if (more > 0) {
                all.add(count(more, "more " + word(level)));
            }
        }
        if (!all.isEmpty()) {
            all.add("");
        }
        check.files().forEach(f -> all.add(file(f)));
        if (overlap != null) {
            all.addAll(overlap.lines());
        }
        StringJoiner rules = new StringJoiner(", ", " (", ")").setEmptyValue("");
        check.rules().forEach((rule, n) -> rules.add(rule + " " + n));
        all.add(total() + rules);
        return all;
    }

    private static String file(CorpusCheck.Checked f) {
        return String.format(
                Locale.ROOT,
                "%s: %s, %,d examples in %,d lines, %s, %s",
                f.path(),
                f.format(),
                f.examples(),
                f.lines(),
                count(f.errors(), "error"),
                count(f.warnings(), "warning"));
    }

    String total() {
        return count(check.count(Level.ERROR), "error")
                + ", "
                + count(check.count(Level.WARNING), "warning")
                + ", "
                + count(check.count(Level.NOTE), "note")
                + " in "
                + count(check.files().size(), "file");
    }

    String json() {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("errors", check.count(Level.ERROR));
        o.put("warnings", check.count(Level.WARNING));
        o.put("notes", check.count(Level.NOTE));
        ObjectNode rules = o.putObject("rules");
        check.rules().forEach(rules::put);
        var files = o.putArray("files");
        for (CorpusCheck.Checked f : check.files()) {
            ObjectNode one = files.addObject();
            one.put("path", f.path().toString()).put("format", f.format());
            one.put("lines", f.lines()).put("examples", f.examples());
            one.put("errors", f.errors()).put("warnings", f.warnings());
        }
        if (overlap != null) {
            overlap(o.putObject("overlap"));
        }
        var findings = o.putArray("findings");
        for (Finding f : told) {
            ObjectNode one = findings.addObject();
            one.put("level", word(f.level())).put("rule", f.rule());
            one.put("file", f.place().file().toString()).put("line", f.place().line());
            one.put("what", f.what());
        }
        return JsonMapper.shared().writeValueAsString(o);
    }

    private void overlap(ObjectNode to) {
        to.put("eval_lines", overlap.evalLines()).put("train_lines", overlap.trainLines());
        to.put("exact", overlap.exact()).put("sides", overlap.sides());
        to.put("near", overlap.near());
        var first = to.putArray("first");
        for (Overlap.Match m : overlap.first()) {
            ObjectNode one = first.addObject();
            one.put("kind", m.kind().name().toLowerCase(Locale.ROOT)).put("part", m.part());
            one.put("eval", m.eval().toString()).put("train", m.train().toString());
            one.put("share", m.share());
        }
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private static String count(long n, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", n, what, n == 1 ? "" : "s");
    }
}
