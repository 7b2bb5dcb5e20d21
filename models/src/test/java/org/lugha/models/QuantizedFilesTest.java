package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.CheckpointException;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.nn.Linear;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import tools.jackson.databind.json.JsonMapper;

/**
 * Quantised checkpoints against those that a program of its own (golden/quantized.py) made by
 * bitsandbytes' definitions, bit for bit; and files that cannot be read.
 */
class QuantizedFilesTest {
    private static final Device CPU = Devices.get("cpu");
    private static final String Q = "model.layers.0.self_attn.q_proj.weight";

    @TempDir Path temp;

    private static Quantization of(String way) {
        return switch (way) {
            case "int8" -> Quantization.int8();
            case "nf4" -> new Quantization(Quantization.Type.NF4, 64, false, List.of());
            default -> Quantization.nf4();
        };
    }

    private static Path golden(String way) {
        return TinyModels.folder("quantized/" + way);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nf4", "double", "int8"})
    void whatIsWrittenIsWhatTheDefinitionsGive(String way) {
        for (String device : new String[] {"cpu", "reference"}) {
            Path out = temp.resolve(way + device);
            new QuantizedFolder(Devices.get(device), of(way), (_, _, _) -> {})
                    .write(golden("base"), null, out);
            assertSame(golden(way), out);
            ConfigJson config = ModelFiles.config(out);
            assertEquals(of(way).type(), Quantization.of(config).orElseThrow().type());
            assertEquals(of(way).nested(), Quantization.of(config).orElseThrow().nested());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nf4", "double", "int8"})
    void aFolderIsReadInPlaceAndWrittenAgain(String way) {
        try (Scope scope = Scope.open("test");
                var expected = SafeTensors.open(golden(way).resolve("dense.expected"));
                CausalLM model = CausalLM.load(golden(way), CPU, DType.F32);
                CausalLM onLoad = CausalLM.load(golden("base"), CPU, DType.F32, of(way))) {
            assertEquals("test", scope.name());
            int quantized = 0;
            for (var e : model.modules().entrySet()) {
                if (e.getValue() instanceof Linear l && l.quantized().isPresent()) {
                    quantized++;
                    float[] dense =
                            expected.entries()
                                    .get(e.getKey() + ".weight")
                                    .data()
                                    .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                    double[] mine = l.denseWeight().toArray();
                    assertEquals(dense.length, mine.length);
                    for (int i = 0; i < dense.length; i++) {
                        assertEquals(dense[i], (float) mine[i], e.getKey() + " " + i);
                    }
                }
            }
            assertEquals(7, quantized);
            double[] logits = model.logits(1, 2, 3).toArray();
            assertArrayEquals(logits, onLoad.logits(1, 2, 3).toArray());
            model.save(temp.resolve("again"));
            assertSame(golden(way), temp.resolve("again"));
            onLoad.save(temp.resolve("loaded"));
            assertSame(golden(way), temp.resolve("loaded"));
        }
    }

    @Test
    void weightsThatLieTheOtherWayAreTurned() {
        Path gpt2 = TinyModels.folder("gpt2");
        try (var _ = Scope.open("test");
                CausalLM dense = CausalLM.load(gpt2, CPU, DType.F32);
                CausalLM few = CausalLM.load(gpt2, CPU, DType.F32, Quantization.int8())) {
            double[] a = dense.logits(1, 2, 3).toArray();
            double[] b = few.logits(1, 2, 3).toArray();
            double most = Arrays.stream(a).map(Math::abs).max().orElseThrow();
            double off = 0;
            for (int i = 0; i < a.length; i++) {
                off = Math.max(off, Math.abs(a[i] - b[i]));
            }
            assertTrue(off > 0 && off < 0.05 * most, off + " of " + most);
            few.save(temp.resolve("gpt2"));
            try (CausalLM again = CausalLM.load(temp.resolve("gpt2"), CPU, DType.F32)) {
                assertArrayEquals(b, again.logits(1, 2, 3).toArray());
            }
        }
    }

    @Test
    void randomWeightsAreThoseOfTheWholeModel() {
        ConfigJson config = TinyModels.config();
        try (var _ = Scope.open("test");
                CausalLM whole = CausalLM.declare(config);
                CausalLM each = CausalLM.declare(config)) {
            whole.initialize(CPU, DType.BF16, 7);
            QuantizedModel.quantize(whole, Quantization.nf4());
            QuantizedModel.initialize(each, CPU, DType.BF16, 7, Quantization.nf4());
            whole.save(temp.resolve("whole"));
            new QuantizedFolder(CPU, Quantization.nf4(), (_, _, _) -> {})
                    .write(config, DType.BF16, 7, temp.resolve("each"));
            assertSame(temp.resolve("whole"), temp.resolve("each"));
            assertArrayEquals(whole.logits(1, 2, 3).toArray(), each.logits(1, 2, 3).toArray());
            assertTrue(each.trainable().isEmpty());
        }
    }

    @Test
    void someLayersMayStay() {
        var q = new Quantization(Quantization.Type.NF4, 64, true, List.of("o_proj"));
        try (CausalLM model = CausalLM.load(golden("base"), CPU, DType.F32, q)) {
            assertFalse(isQuantized(model, "model.layers.0.self_attn.o_proj"));
            assertTrue(isQuantized(model, "model.layers.0.self_attn.q_proj"));
            assertFalse(isQuantized(model, "lm_head"));
        }
    }

    private static boolean isQuantized(CausalLM model, String path) {
        return ((Linear) model.modules().get(path)).quantized().isPresent();
    }

    // ---- what cannot be read

    @Test
    void everythingThatIsWrongWithQuantisedWeightsIsSaid() throws IOException {
        String k = "model.layers.0.self_attn.k_proj.weight";
        String state = ".quant_state.bitsandbytes__nf4";
        String message =
                refused(
                        "double",
                        t -> {
                            t.remove(Q + ".nested_absmax");
                            t.remove("model.layers.0.mlp.up_proj.weight" + state);
                            t.put(k, bytes(Dtype.U8, 30, 1));
                            t.put(k + ".absmax", bytes(Dtype.U8, 3));
                            t.put(
                                    "model.layers.0.self_attn.v_proj.weight" + state,
                                    json(
                                            "{'quant_type': 'fp4', 'blocksize': 48, 'shape': [6, 13],"
                                                    + " 'nested_blocksize': 256}"));
                            t.put("model.norm.weight.absmax", bytes(Dtype.F32, 1));
                        });
        for (String part :
                new String[] {
                    "unexpected: model.norm.weight.absmax",
                    "of quantised weights: ",
                    Q + ".nested_absmax is missing",
                    "up_proj.weight" + state + " is missing",
                    k + " U8[30, 1] should be 36 elements of U8",
                    k + ".absmax U8[3] should be 2 elements of U8",
                    "quant_type is \"fp4\"; nf4 is supported",
                    "blocksize 48 is no power of two",
                    "shape is [6,13], config.json asks for [6, 12]",
                    "nested_offset: expected a number, got nothing"
                }) {
            assertTrue(message.contains(part), part + " is missing in: " + message);
        }
        String eight =
                refused(
                        "int8",
                        t -> {
                            String layer = "model.layers.0.self_attn.q_proj";
                            t.remove(layer + ".SCB");
                            t.put("model.layers.0.mlp.up_proj.SCB", bytes(Dtype.F32, 3));
                            t.put("model.layers.0.mlp.up_proj.weight_format", bytes(Dtype.U8, 2));
                        });
        for (String part :
                new String[] {
                    "q_proj.SCB is missing",
                    "up_proj.SCB F32[3] should be F32[10]",
                    "weight_format U8[2] is not 0"
                }) {
            assertTrue(eight.contains(part), part + " is missing in: " + eight);
        }
    }

    @Test
    void aFileCutShort() throws IOException {
        Path folder = copy("double");
        Path file = folder.resolve("model.safetensors");
        byte[] all = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(all, all.length - 9));
        String message =
                assertThrows(CheckpointException.class, () -> CausalLM.load(folder, CPU, DType.F32))
                        .getMessage();
        assertTrue(message.contains("model.safetensors"), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void configurationsOfAnotherKind() throws IOException {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("{'quant_method': 'gptq', 'bits': 4}", "quant_method: expected bitsandbytes");
        wrong.put(
                "{'load_in_4bit': true, 'bnb_4bit_quant_type': 'fp4'}",
                "bnb_4bit_quant_type: expected nf4, the only one supported, got \"fp4\"");
        wrong.put("{'quant_method': 'bitsandbytes'}", "load_in_4bit: expected true");
        wrong.put(
                "{'load_in_4bit': true, 'bnb_4bit_quant_type': 'nf4', 'bnb_4bit_quant_storage':"
                        + " 'bfloat16'}",
                "bnb_4bit_quant_storage: expected uint8");
        for (var e : wrong.entrySet()) {
            var json = JsonMapper.shared().readTree(e.getKey().replace('\'', '"'));
            String message =
                    assertThrows(
                                    RequestException.class,
                                    () ->
                                            CausalLM.declare(
                                                    TinyModels.config("quantization_config", json)))
                            .getMessage();
            assertTrue(message.contains(e.getValue()), message);
        }
    }

    @Test
    void whatDoesNotGoTogether() {
        Path few = golden("double");
        String trained =
                assertThrows(
                                RequestException.class,
                                () -> CausalLM.load(few, CPU, DType.F32, Access.TRAINED))
                        .getMessage();
        assertTrue(trained.contains("cannot be trained; train an adapter"), trained);
        String other =
                assertThrows(
                                RequestException.class,
                                () -> CausalLM.load(few, CPU, DType.F32, Quantization.int8()))
                        .getMessage();
        assertTrue(other.contains("is held in nf4, int8 was asked for"), other);
        var folder = new QuantizedFolder(CPU, Quantization.nf4(), (_, _, _) -> {});
        String twice =
                assertThrows(
                                RequestException.class,
                                () -> folder.write(few, null, temp.resolve("twice")))
                        .getMessage();
        assertTrue(twice.contains("is quantised already"), twice);
        assertFalse(Files.exists(temp.resolve("twice")));
        String block =
                assertThrows(
                                RequestException.class,
                                () -> new Quantization(Quantization.Type.NF4, 48, true, List.of()))
                        .getMessage();
        assertTrue(block.contains("power of two, got 48"), block);
    }

    // ---- what the tests need

    private interface Damage {
        void to(Map<String, Source> tensors);
    }

    private String refused(String way, Damage damage) throws IOException {
        Path folder = copy(way);
        Path file = folder.resolve("model.safetensors");
        Path damaged = temp.resolve("damaged.safetensors");
        try (SafeTensors from = SafeTensors.open(file)) {
            Map<String, Source> tensors = new TreeMap<>();
            from.entries().forEach((name, e) -> tensors.put(name, e.source()));
            damage.to(tensors);
            SafeTensors.write(damaged, tensors);
        }
        Files.delete(file);
        Files.move(damaged, file);
        String message =
                assertThrows(RequestException.class, () -> CausalLM.load(folder, CPU, DType.F32))
                        .getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    private Path copy(String way) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("copy-" + way));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(golden(way).resolve(name), folder.resolve(name));
        }
        return folder;
    }

    private static Source bytes(Dtype dtype, long... shape) {
        byte[] b = new byte[(int) dtype.bytes(shape)];
        Arrays.fill(b, (byte) 1);
        return Source.of(dtype, shape, MemorySegment.ofArray(b));
    }

    private static Source json(String text) {
        byte[] b = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Source.of(Dtype.U8, new long[] {b.length}, MemorySegment.ofArray(b));
    }

    /** Equal tensors, but for how JSON is spelled. */
    private static void assertSame(Path expected, Path actual) {
        try (Checkpoint a = Checkpoint.open(expected);
                Checkpoint b = Checkpoint.open(actual)) {
            assertEquals(a.entries().keySet(), b.entries().keySet());
            for (Entry e : a.entries().values()) {
                Entry f = b.get(e.name());
                if (e.name().contains(".quant_state.")) {
                    assertEquals(tree(e), tree(f), e.name());
                } else if (e.name().endsWith(".SCB")) {
                    assertArrayEquals(scales(e), scales(f), e.name());
                } else {
                    assertEquals(e.toString(), f.toString());
                    assertEquals(-1, e.data().mismatch(f.data()), e.name());
                }
            }
        }
    }

    /** SCB / 127: SCB itself may be the neighbour that gives the same. */
    private static float[] scales(Entry e) {
        float[] all = e.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        for (int i = 0; i < all.length; i++) {
            all[i] /= 127f;
        }
        return all;
    }

    private static Object tree(Entry e) {
        byte[] text = e.data().toArray(ValueLayout.JAVA_BYTE);
        return JsonMapper.shared().readTree(new String(text, StandardCharsets.UTF_8));
    }
}
