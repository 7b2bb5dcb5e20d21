package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.TinyModels;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.energy.Energy;
import org.lugha.models.report.ReportData;
import org.lugha.models.report.ReportData.Source;
import org.lugha.models.settings.RunFile;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import tools.jackson.dataformat.yaml.YAMLMapper;

class RunReportTest {
    @TempDir Path folder;

    @Test
    void pageAndCardTellWhatTheRunWas() throws IOException {
        try (RunSetup setup = RunSetup.open(RunFile.parse(new YAMLMapper().readTree(run()), "x"));
                Metrics metrics = new Metrics(folder.resolve("metrics.jsonl"))) {
            metrics.add(new Metrics.Step(1, 3.5, 1, 1e-3, 100, 50, 1000));
            metrics.add(new Metrics.Evaluation(1, 3.25, 10));
            ExampleStream stream = setup.stream();
            stream.batch(4);
            var energy = new Energy(0.5, OptionalDouble.of(237), "watts", false, "estimated: so");
            RunState end = RunState.start(stream.state()).with(0, energy);
            var report =
                    new RunReport(
                            setup,
                            metrics,
                            Optional.of(end),
                            Optional.empty(),
                            List.of(),
                            List.of(),
                            List.of("a note"));
            ReportData told = report.data();
            Source swa = told.data().get(0);
            Source ids = told.data().get(1);
            assertEquals("swa", swa.language());
            assertEquals(4, 3 * swa.epochs() + ids.epochs(), 1e-9, "as often as drawn");
            assertEquals(1, swa.realised() + ids.realised(), 1e-9);
            assertEquals(1, swa.asked() + ids.asked(), 1e-9);
            assertEquals("the club agreed", swa.consent());
            assertEquals(
                    List.of(false, true),
                    told.masks().getFirst().spans().stream()
                            .map(ReportData.Span::counted)
                            .toList());
            assertTrue(report.page().contains("<mark>"));
            assertTrue(report.page().contains("lora, rank 2, alpha 4"), report.page());

            String card = RunCard.of(setup, told, folder.resolve("out/adapter"), 1).markdown();
            var head = new YAMLMapper().readTree(card.substring(4, card.indexOf("\n---\n") + 1));
            assertEquals("[\"swa\",\"eng\"]", head.get("language").toString());
            assertEquals(237, head.get("co2_eq_emissions").get("emissions").intValue());
            assertEquals(3.25, head.at("/model-index/0/results/0/metrics/0/value").doubleValue());
            assertTrue(card.contains("'eng: Good morning.\nswa:'"), card);
            assertFalse(card.contains("books"), "no text of the data");
        }
    }

    private String run() throws IOException {
        Path base = folder.resolve("base");
        var trainer = new BpeTrainer(BpeOptions.of(280).withMinFrequency(1));
        trainer.addAll(List.of("watoto wanasoma vitabu", "the children read books").stream());
        try (var model = TinyModels.llama("vocab_size", 280, "eos_token_id", 2)) {
            model.save(base);
        }
        trainer.train().save(base);
        String line =
                "{\"src_lang\": \"eng\", \"tgt_lang\": \"swa\", \"src\": \"the children: read books\","
                        + " \"tgt\": \"watoto wanasoma\"}\n";
        Path swa = Files.writeString(folder.resolve("swa.jsonl"), line.repeat(3));
        Path ids = Files.writeString(folder.resolve("ids.jsonl"), "{\"input_ids\": [3, 4, 5]}\n");
        return """
        model: {path: "%s"}
        method: {type: lora, rank: 2, alpha: 4}
        data:
          train:
            - {path: "%s", format: translation, consent: the club agreed}
            - {path: "%s", format: ids}
        steps: 3
        output: "%s"
        """
                .formatted(base, swa, ids, folder.resolve("out"));
    }
}
