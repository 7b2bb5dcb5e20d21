package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.lugha.models.CausalLM;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.evaluate.Scorer;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha score --model DIR --input FILE.jsonl --output FILE.jsonl}. */
@Command(
        name = "score",
        description = "Writes the loss of every line of a file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  lugha score --model base --input dev.jsonl --output scores.jsonl"
        })
public final class Score implements Callable<Integer> {
    @Mixin private ModelOptions model;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE.jsonl",
            description = "Lines with text, with prompt and completion, or with input_ids.")
    private Path input;

    @Option(names = "--output", required = true, paramLabel = "FILE.jsonl", description = "Losses.")
    private Path output;

    @Option(
            names = "--logits",
            paramLabel = "FILE.safetensors",
            description = "Also write logits.0, logits.1, ... of [T, V].")
    private Path logits;

    @Override
    public Integer call() {
        Writable.requireFile(output);
        if (logits != null) {
            Writable.requireFile(logits);
        }
        try (CausalLM lm = model.open()) {
            Scorer scorer = new Scorer(lm, model.encoder(model.tokenizer(), lm));
            List<Scorer.Row> rows = new ArrayList<>();
            for (ExampleFile.Line line : ExampleFile.some(input)) {
                rows.add(scorer.row(line));
            }
            StringBuilder lines = new StringBuilder();
            try (Progress progress = new Progress("score", rows.size())) {
                for (int i = 0; i < rows.size(); i++) {
                    lines.append(line(scorer.score(rows.get(i)))).append('\n');
                    progress.at(i + 1, "");
                }
            }
            if (logits != null) {
                scorer.writeLogits(rows, logits);
            }
            Staged.write(output, lines.toString());
        }
        return 0;
    }

    private static String line(Scorer.Score s) {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        if (s.loss().isPresent()) {
            o.put("loss", s.loss().getAsDouble());
        } else {
            o.putNull("loss");
        }
        o.put("nll", s.nll());
        o.put("counted_tokens", s.counted());
        s.bitsPerByte().ifPresent(b -> o.put("bits_per_byte", b));
        return JsonMapper.shared().writeValueAsString(o);
    }
}
