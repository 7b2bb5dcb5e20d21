package org.lugha.models.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.CausalLM;
import org.lugha.models.Sampler;
import org.lugha.models.TinyModels;
import org.lugha.models.Tokens;
import org.lugha.models.chat.ChatTemplate;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.Example;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.data.Loss;
import org.lugha.models.data.TextRules;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.SpecialTokens;
import org.lugha.models.tokenizer.Tokenizer;

/** What a model is found to be, against the same worked out line by line. */
class ModelEvaluationTest {
    private static final Tokenizer TOKENIZER = tokenizer();
    private static final LineEncoder LINES = LineEncoder.of(Encoder.of(TOKENIZER));

    private static final List<String> PAIRS =
            List.of(
                    "{\"src_lang\":\"eng\",\"tgt_lang\":\"yor\",\"src\":\"tree\",\"tgt\":\"igi\"}",
                    "{\"src_lang\":\"eng\",\"tgt_lang\":\"ibo\",\"src\":\"a tree\",\"tgt\":\"osisi ọma\"}",
                    "{\"src_lang\":\"eng\",\"tgt_lang\":\"yor\",\"src\":\"trees\",\"tgt\":\"àwọn igi\"}");

    @TempDir private Path folder;

    private static Tokenizer tokenizer() {
        var special =
                new SpecialTokens(
                        Optional.of("<e>"), Optional.empty(), Optional.of("<e>"), List.of("<u>"));
        BpeTrainer trainer =
                new BpeTrainer(BpeOptions.of(280).withMinFrequency(1).withSpecial(special));
        trainer.add("eng: a tree and trees");
        return trainer.train();
    }

    private static CausalLM model() {
        return TinyModels.llama(
                "vocab_size", 280, "eos_token_id", 0, "max_position_embeddings", 64);
    }

    private DataSet set(String format, int length, String... lines) throws IOException {
        Path file = folder.resolve(format + ".jsonl");
        Files.writeString(file, String.join("\n", lines) + "\n");
        return DataSet.read(new DataFile(file, "", format, ""), LINES, length, 280);
    }

    private static double nll(CausalLM model, Example e) {
        double sum = 0;
        for (double d : model.nll(Tokens.rows(e.ids()), new int[][] {e.labels()})[0]) {
            sum += d;
        }
        return sum;
    }

    @Test
    void lossesAreThoseOfTheLinesByLanguage() throws IOException {
        try (CausalLM model = model();
                DataSet set = set("translation", 64, PAIRS.toArray(String[]::new))) {
            var asked = EvaluationOptions.of(List.of("loss", "bits_per_byte")).withRows(2);
            Evaluated all = new ModelEvaluation(model, LINES, asked).of(List.of(set));
            assertEquals(List.of("ibo", "yor"), List.copyOf(all.languages().keySet()));
            double ibo = nll(model, set.examples().get(1));
            double yor = nll(model, set.examples().get(0)) + nll(model, set.examples().get(2));
            assertEquals(yor, all.languages().get("yor").nll(), 1e-5);
            assertEquals((ibo + yor) / set.counted(), all.total().loss(), 1e-6);
            assertEquals(set.counted(), all.total().counted());
            assertEquals(2, all.languages().get("yor").examples());
            assertEquals(Math.exp(all.total().loss()), all.total().perplexity());
            long bytes = " igi àwọn igi".getBytes(UTF_8).length;
            assertEquals(bytes, all.languages().get("yor").bytes());
            double bits = all.languages().get("yor").bitsPerByte().orElseThrow();
            assertEquals(yor / Math.log(2) / bytes, bits, 1e-5);
            assertTrue(all.samples().isEmpty() && all.total().metrics().isEmpty());
            Evaluated again = new ModelEvaluation(model, LINES, asked).of(List.of(set));
            assertEquals(all, again, "to the last bit");
            assertEquals("[total, languages]", all.json().propertyNames().toString());
        }
    }

    @Test
    void aTextThatIsCutInPartsHasItsBytesOnce() throws IOException {
        String text = "a tree and trees, ọ̀pọ̀ igi. ".repeat(9) + "end";
        try (CausalLM model = model();
                DataSet set = set("text", 16, "{\"text\":\"" + text + "\"}", "{\"text\":\"é\"}")) {
            assertTrue(set.size() > 5);
            var asked = EvaluationOptions.of(List.of("loss"));
            LanguageScore all = new ModelEvaluation(model, LINES, asked).of(List.of(set)).total();
            long off = all.bytes() - text.getBytes(UTF_8).length - 2;
            assertTrue(Math.abs(off) <= 3, "but for cut characters: " + off);
            assertEquals(set.counted(), all.counted());
        }
    }

    @Test
    void answersAreWhatTheModelSays() throws IOException {
        try (CausalLM model = model();
                DataSet set = set("translation", 64, PAIRS.toArray(String[]::new))) {
            var asked =
                    EvaluationOptions.of(List.of("chrf++", "exact-match", "bleu"))
                            .withMaxNewTokens(5);
            Evaluated all = new ModelEvaluation(model, LINES, asked).of(List.of(set));
            assertEquals(3, all.samples().size());
            Sample second = all.samples().get(1);
            assertEquals("eng: a tree\nibo:", second.prompt());
            assertEquals("osisi ọma", second.reference());
            int[] prompt = TOKENIZER.encode(second.prompt()).ids();
            int[] made = model.generate(prompt, 5, Sampler.greedy(), List.of(0));
            String said = TOKENIZER.decode(made, true).strip();
            assertEquals(said.lines().findFirst().orElse("").strip(), second.hypothesis());
            List<String> yor =
                    List.of(all.samples().get(0).hypothesis(), all.samples().get(2).hypothesis());
            Score score = ChrF.corpusPlusPlus(yor, List.of("igi", "àwọn igi"));
            assertEquals(score, all.languages().get("yor").metrics().get("chrf++"));
            assertEquals(2, all.languages().get("yor").answers());
            assertTrue(Double.isNaN(all.total().loss()), "was not asked for");
            assertEquals(
                    List.of("bleu", "chrf++", "exact_match"),
                    List.copyOf(all.total().values().keySet()));
            Evaluated few = new ModelEvaluation(model, LINES, asked.withLimit(1)).of(List.of(set));
            assertEquals(1, few.samples().size());
        }
    }

    @Test
    void textHasNoQuestionsAndIdsHaveNeither() throws IOException {
        try (CausalLM model = model();
                DataSet text = set("text", 64, "{\"text\":\"a tree\"}");
                DataSet ids = set("ids", 64, "{\"input_ids\":[5,6,7]}")) {
            var asked = EvaluationOptions.of(List.of("loss", "chrf"));
            Evaluated all = new ModelEvaluation(model, LINES, asked).of(List.of(text, ids));
            assertTrue(all.samples().isEmpty());
            assertEquals(List.of("und"), List.copyOf(all.languages().keySet()));
            LineEncoder none = LineEncoder.of(new Encoder(null, -1, false));
            Evaluated bare = new ModelEvaluation(model, none, asked).of(List.of(ids));
            assertEquals(OptionalDouble.empty(), bare.total().bitsPerByte());
            assertEquals(2, bare.total().counted());
            assertTrue(bare.json().get("total").get("bits_per_byte").isNull());
        }
    }

    @Test
    void theLastAnswerOfAConversationIsAskedFor() throws IOException {
        String template =
                "{% for m in messages %}{{ '<u>' + m.content + '<e>' }}{% endfor %}"
                        + "{% if add_generation_prompt %}{{ '<u>' }}{% endif %}";
        LineEncoder chats =
                new LineEncoder(
                        Encoder.of(TOKENIZER),
                        Loss.ASSISTANT,
                        Optional.of(new ChatTemplate(template, Map.of("eos_token", "<e>"))),
                        TextRules.standard());
        Path file = folder.resolve("chat.jsonl");
        Files.writeString(
                file,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                        + "{\"role\":\"assistant\",\"content\":\"tree\"},"
                        + "{\"role\":\"user\",\"content\":\"and\"},"
                        + "{\"role\":\"assistant\",\"content\":\" trees \"}]}\n");
        List<Question> asked = Question.of(new DataFile(file, "eng", "chat", ""), chats, 9);
        assertEquals(1, asked.size());
        assertEquals("<u>a<e><u>tree<e><u>and<e><u>", asked.get(0).prompt());
        assertEquals("trees", asked.get(0).reference());
        assertTrue(asked.get(0).conversation());
        assertEquals("x\ny", asked.get(0).trimmed(" x\ny "));
        assertFalse(asked.get(0).oneLine());
    }

    @Test
    void optionsAreChecked() {
        assertThrows(
                IllegalArgumentException.class, () -> EvaluationOptions.of(List.of("perplexty")));
        assertTrue(EvaluationOptions.isLessBetter("loss") && EvaluationOptions.isLessBetter("ter"));
        assertFalse(EvaluationOptions.isLessBetter("chrf++"));
        var few = EvaluationOptions.of(List.of("loss", "macro_f1", "LOSS"));
        assertEquals(List.of("loss", "macro-f1"), few.metrics());
        assertThrows(IllegalArgumentException.class, () -> few.withLimit(0));
    }
}
