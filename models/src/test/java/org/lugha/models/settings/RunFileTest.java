package org.lugha.models.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftFiles;
import tools.jackson.databind.JsonNode;

class RunFileTest {
    private static final String SMALLEST =
            """
            model: {path: base}
            data: {train: [{path: a.jsonl}]}
            steps: 5
            output: out
            """;

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("RUN.yaml");
    }

    private RunConfig read(String yaml, String... settings) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return RunFile.read(file, List.of(settings));
    }

    private String refusal(String yaml, String... settings) {
        return assertThrows(RequestException.class, () -> read(yaml, settings)).getMessage();
    }

    @Test
    void whatIsNotSaidHasTheDocumentedDefault() {
        RunConfig run = read(SMALLEST);
        Lora lora = lora(run);
        assertEquals(16, lora.rank());
        assertEquals(32, lora.alpha());
        assertEquals(0, lora.dropout());
        assertTrue(lora.targets().matches("layers.0.down_proj"));
        assertEquals("completion", run.data().loss());
        assertEquals(3.33, run.data().samplingTemperature());
        assertEquals(256, run.data().maxLength());
        assertEquals(2e-4, run.optimizer().lr());
        assertEquals(1, run.optimizer().clipGradNorm());
        assertEquals("cosine", run.schedule().type());
        assertEquals(0, run.schedule().warmupSteps());
        assertEquals(0.1, run.schedule().minLrRatio());
        assertEquals(8, run.sequences());
        assertFalse(run.gradientCheckpointing());
        assertEquals(1, run.seed());
        assertEquals(Path.of("base"), run.tokenizer().orElseThrow());
    }

    private static Lora lora(RunConfig run) {
        Method.Peft method = assertInstanceOf(Method.Peft.class, run.method());
        return assertInstanceOf(Lora.class, method.config());
    }

    @Test
    void anAdapterToStartFromSaysWhatIsNotSaid() {
        Path folder = TinyModels.folder("biases").resolve("adapterN");
        Lora has = (Lora) PeftFiles.read(folder);
        String init = "method.init_adapter=" + folder;
        assertEquals(has, lora(read(SMALLEST, init)));
        assertEquals(has.withDropout(0.25), lora(read(SMALLEST, init, "method.dropout=0.25")));
    }

    @Test
    void keysOfAnotherMethodAreRefused() {
        assertEquals(
                file
                        + ": method.rank has no meaning with type: full; known with it: type, freeze, train",
                refusal(SMALLEST, "method.type=full", "method.rank=2"));
    }

    @Test
    void everythingIsResolvedDefaultsToo() {
        JsonNode all = read(SMALLEST, "optimizer.lr=1e-4", "optimizer.betas=[0.5, 0.6]").resolved();
        assertEquals("base", all.get("model").get("path").stringValue());
        assertEquals(1e-4, all.get("optimizer").get("lr").doubleValue());
        assertEquals(0.5, all.get("optimizer").get("betas").get(0).doubleValue());
        assertEquals(1e-8, all.get("optimizer").get("eps").doubleValue());
        assertEquals("text", all.get("data").get("train").get(0).get("format").stringValue());
        assertEquals(5, all.get("steps").intValue());
        assertTrue(all.get("epochs").isNull());
        assertEquals(8, all.get("batch").get("sequences").intValue());
    }

    @Test
    void settingsBeatTheFileAndTakeYamlValues() {
        RunConfig run =
                read(
                        SMALLEST,
                        "method.rank=4",
                        "method.targets=all-linear",
                        "optimizer.lr=1e-4",
                        "data.train.0.language=swa",
                        "gradient_checkpointing=true",
                        "optimizer.betas=[0.8, 0.9]");
        Lora lora = lora(run);
        assertEquals(4, lora.rank());
        assertEquals(LoraTargets.allLinear(), lora.targets());
        assertEquals(1e-4, run.optimizer().lr());
        assertEquals(0.8, run.optimizer().beta1());
        assertEquals("swa", run.data().train().getFirst().language());
        assertTrue(run.gradientCheckpointing());
    }

    @Test
    void anUnknownKeyNamesTheNearest() {
        String message = refusal(SMALLEST + "optimizer: {lrr: 1}\n");
        assertTrue(message.contains("unknown key optimizer.lrr"), message);
        assertTrue(message.contains("did you mean lr?"), message);
        assertTrue(refusal(SMALLEST + "step: 5\n").contains("did you mean steps?"));
        assertTrue(
                refusal(SMALLEST, "data.train.0.pat=x").contains("data.train[0].pat"),
                "keys inside lists are checked too");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method: {type: qlora, block_size: 48} | power of two",
                "method: {type: loraa}        | must be one of",
                "precision: f16               | precision must be one of",
                "task: masked                 | task",
                "gradient_checkpointing: 1    | gradient_checkpointing must be true or false",
                "checkpoint: {evry: 5}        | checkpoint.evry",
                "batch: {sequences: 0}        | batch.sequences must be a whole number of at least 1",
                "batch: {sequences: 1.5}      | batch.sequences",
                "optimizer: {lr: fast}        | optimizer.lr must be a number",
                "seed: x                      | seed must be a whole number",
                "epochs: 2                    | steps or epochs",
            })
    void whatCannotBeDoneIsRefusedByName(String line, String expected) {
        String message = refusal(SMALLEST + line + "\n");
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void whatIsNeededIsNamed() {
        assertTrue(refusal("steps: 1\noutput: o\n").contains("model needs"));
        assertTrue(refusal("model: {path: m}\nsteps: 1\noutput: o\n").contains("data.train"));
        assertTrue(
                refusal("model: {path: m}\ndata: {train: [{path: a}]}\nsteps: 1\n")
                        .contains("output is missing"));
        assertTrue(refusal("model: [\n").contains("not valid YAML"));
        assertTrue(refusal("steps: 1\nsteps: 2\n").contains("not valid YAML"));
        assertTrue(
                assertThrows(
                                RequestException.class,
                                () -> RunFile.read(folder.resolve("none.yaml"), List.of()))
                        .getMessage()
                        .contains("no such file"));
    }
}
