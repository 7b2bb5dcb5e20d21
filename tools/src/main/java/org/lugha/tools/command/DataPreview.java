package org.lugha.tools.command;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.data.Span;
import org.lugha.models.report.MaskPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha data preview --config RUN.yaml} or {@code --input FILE}. */
@Command(
        name = "preview",
        description = {
            "Shows which tokens of data files the loss counts, as training sees them.",
            "In a terminal they are green, elsewhere they stand in brackets."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  lugha data preview --config RUN.yaml --html preview.html",
            "  lugha data preview --input chats.jsonl --format chat --loss assistant \\",
            "    --tokenizer base"
        })
public final class DataPreview implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private PreviewSource source;

    @Option(
            names = "--limit",
            defaultValue = "5",
            paramLabel = "N",
            description = "Examples of each file (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write a page that opens offline.")
    private Path html;

    @Option(
            names = "--color",
            negatable = true,
            description = "Colours, or none, whatever the output is.")
    private Boolean color;

    @Option(names = "--json", description = "A JSON object an example.")
    private boolean json;

    private final MaskPage page = new MaskPage("What the loss counts");
    private PreviewSource.Plan plan;
    private PrintWriter out;

    @Override
    public Integer call() {
        Generate.requireRange("--limit", limit, 1, 1_000_000);
        plan = source.plan();
        if (html != null) {
            Writable.requireFile(html);
        }
        out = spec.commandLine().getOut();
        plan.files().forEach(this::show);
        out.flush();
        if (html != null) {
            Staged.write(html, page.page());
        }
        return 0;
    }

    private void show(DataFile file) {
        page.file(file.path() + " (" + file.format() + ")");
        long tokens = 0;
        long counted = 0;
        int shown = 0;
        try (ExampleFile lines = new ExampleFile(file.path())) {
            while (shown < limit && lines.hasNext()) {
                ExampleFile.Line line = lines.next();
                for (Example e : plan.encoder().examples(line, file, plan.maxLength())) {
                    if (shown++ < limit) {
                        show(line, e);
                        tokens += e.ids().length;
                        counted += e.counted();
                    }
                }
            }
        }
        if (shown == 0) {
            throw new RequestException(file.path() + ": is empty; it needs at least one example");
        }
        String total =
                String.format(
                        Locale.ROOT,
                        "%s: %,d of %,d tokens of the first %,d examples count (%.1f %%)",
                        file.path(),
                        counted,
                        tokens,
                        Math.min(shown, limit),
                        100.0 * counted / Math.max(1, tokens));
        if (!json) {
            out.println(total + "\n");
        }
    }

    private void show(ExampleFile.Line line, Example e) {
        List<Span> spans = Span.of(plan.tokenizer(), e);
        if (json) {
            out.println(object(line, e, spans));
        }
        int n = e.ids().length;
        String where =
                String.format(
                        Locale.ROOT,
                        "%s:%d%s  %,d of %,d tokens count (%.1f %%)%s",
                        line.file(),
                        line.number(),
                        e.language().isEmpty() ? "" : "  " + PreviewText.visible(e.language()),
                        e.counted(),
                        n,
                        100.0 * e.counted() / Math.max(1, n),
                        e.counted() == 0 ? ": left out of training" : "");
        if (!json) {
            out.println(where);
            out.println(new PreviewText(colored()).of(spans));
            out.println();
        }
        page.add(
                where,
                e.language(),
                spans.stream()
                        .map(s -> new MaskPage.Token(s.text(), s.counted(), s.special()))
                        .toList());
    }

    private boolean colored() {
        return color != null
                ? color
                : Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    private static String object(ExampleFile.Line line, Example e, List<Span> spans) {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("file", line.file().toString()).put("line", line.number());
        o.put("language", e.language());
        o.put("tokens", e.ids().length).put("counted_tokens", e.counted());
        ArrayNode all = o.putArray("spans");
        for (Span s : spans) {
            all.addObject()
                    .put("text", s.text())
                    .put("counted", s.counted())
                    .put("special", s.special())
                    .put("tokens", s.tokens());
        }
        return JsonMapper.shared().writeValueAsString(o);
    }
}
