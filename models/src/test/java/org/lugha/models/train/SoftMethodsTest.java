package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.models.adapters.Bottleneck;
import org.lugha.models.peft.BitFit;
import org.lugha.models.peft.BottleneckAdapters;
import org.lugha.models.peft.BottleneckKind;
import org.lugha.models.peft.Ia3;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.peft.PrefixTuning;
import org.lugha.models.peft.PromptStart;
import org.lugha.models.peft.PromptTuning;
import org.lugha.models.settings.Method;
import org.lugha.models.settings.RunConfig;
import org.lugha.models.settings.RunFile;
import org.lugha.runtime.DType;
import org.lugha.runtime.spi.Unary;

/** {@code method} of RUN.yaml where it is not LoRA. */
class SoftMethodsTest {
    @TempDir private Path folder;

    private RunConfig run(String method) {
        Path file = folder.resolve("RUN.yaml");
        try {
            Files.writeString(
                    file,
                    "model: {path: base}\ndata: {train: [{path: a.jsonl, format: text}]}\n"
                            + "steps: 5\noutput: out\nmethod: {"
                            + method
                            + "}\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return RunFile.read(file, List.of());
    }

    private PeftConfig config(String method) {
        return assertInstanceOf(Method.Peft.class, run(method).method()).config();
    }

    @Test
    void whatIsNotSaidHasTheDocumentedDefault() {
        assertEquals(Ia3.usual(), config("type: ia3"));
        assertEquals(new PromptTuning(20, new PromptStart.Random()), config("type: prompt"));
        assertEquals(new PrefixTuning(30, false, 0), config("type: prefix"));
        assertEquals(new BitFit(), config("type: bitfit"));
        for (BottleneckKind kind : BottleneckKind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            assertEquals(BottleneckAdapters.usual(kind), config("type: adapter, kind: " + name));
        }
        assertEquals(
                "swish",
                run("type: adapter, kind: houlsby")
                        .resolved()
                        .at("/method/non_linearity")
                        .stringValue());
    }

    @Test
    void whatIsSaidIsMeant() {
        assertEquals(
                new PromptTuning(5, new PromptStart.Text("Jibu:", "base")),
                config(
                        "type: prompt, virtual_tokens: 5, prompt_init: text, prompt_text: 'Jibu:',"
                                + " prompt_tokenizer: base"));
        assertEquals(
                new PrefixTuning(4, true, 8),
                config("type: prefix, virtual_tokens: 4, projection: true, projection_size: 8"));
        var adapter =
                (BottleneckAdapters)
                        config(
                                "type: adapter, kind: pfeiffer, reads: output, bottleneck: 3,"
                                        + " non_linearity: gelu, leave_out: [1], invertible: true");
        assertEquals(Bottleneck.Reads.OUTPUT, adapter.reads());
        assertEquals(3, adapter.size());
        assertEquals(Unary.GELU, adapter.activation());
        assertEquals(List.of(1), adapter.leaveOut());
        assertTrue(adapter.isInvertible());
    }

    @Test
    void anAdapterToStartFromSaysWhatIsNotSaidAndMustAgree() {
        Path has = TinyModels.folder("soft").resolve("prompt-llama/adapterN");
        assertEquals(PeftFiles.read(has), config("type: prompt, init_adapter: " + has));
        try (var model =
                CausalLM.load(TinyModels.folder("biases"), TinyModels.device(), DType.F32)) {
            String same = "type: prompt, init_adapter: " + has;
            MethodSetup.attach(run(same).method(), model, 1).orElseThrow().close();
            Method other = run(same + ", virtual_tokens: 9").method();
            var e = assertThrows(RequestException.class, () -> MethodSetup.attach(other, model, 1));
            assertTrue(e.getMessage().startsWith("method.virtual_tokens is 9, but the adapter"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: prompt, prompt_text: x | prompt_init must be text where",
                "type: prompt, prompt_init: text | method.prompt_text is missing",
                "type: prefix, rank: 4 | method.rank has no meaning with type: prefix",
                "type: adapter, kind: lora | must be one of houlsby, pfeiffer, parallel",
                "type: adapter, leave_out: [0.5] | leave_out must be numbers of layers",
                "type: adapter, non_linearity: softplus | must be one of relu, swish",
            })
    void whatMeansNothingIsRefused(String method, String expected) {
        var e = assertThrows(RequestException.class, () -> run(method));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }
}
