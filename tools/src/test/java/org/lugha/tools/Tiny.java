package org.lugha.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.SpecialTokens;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A folder with a Llama of a few thousand parameters, its tokenizer, and data for it. */
record Tiny(Path folder) {
    static final int VOCABULARY = 280;
    private static final List<String> TEXT =
            List.of(
                    "watoto wanasoma vitabu",
                    "mwalimu anasoma kitabu",
                    "the children read books",
                    "the teacher reads a book");

    /** Everything anew in this folder. */
    static Tiny in(Path folder) {
        Tiny tiny = new Tiny(folder);
        tiny.model("base", false);
        tiny.tokenizer().save(tiny.base());
        return tiny;
    }

    Path base() {
        return folder.resolve("base");
    }

    String path(String name) {
        return folder.resolve(name).toString();
    }

    /** Another model of random weights, without a tokenizer. */
    Path model(String name, boolean tied) {
        String config =
                """
                {"model_type": "llama", "vocab_size": %d, "hidden_size": 16,
                 "intermediate_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2,
                 "num_key_value_heads": 1, "max_position_embeddings": 64, "initializer_range": 0.2,
                 "tie_word_embeddings": %s, "bos_token_id": 1, "eos_token_id": 2}
                """
                        .formatted(VOCABULARY, tied);
        var json = JsonMapper.shared().readTree(config).asObject();
        Path to = folder.resolve(name);
        try (CausalLM model = CausalLM.declare(new ConfigJson("tiny", json))) {
            model.initialize(Devices.get("cpu"), DType.F32, 3);
            model.save(to);
        }
        return to;
    }

    /** Whose padding token is its end token, as in many checkpoints. */
    Tokenizer tokenizer() {
        var options =
                BpeOptions.of(VOCABULARY)
                        .withMinFrequency(1)
                        .withSpecial(
                                new SpecialTokens(
                                        Optional.of("<|eos|>"),
                                        Optional.of("<|bos|>"),
                                        Optional.of("<|eos|>"),
                                        List.of()));
        BpeTrainer trainer = new BpeTrainer(options);
        trainer.addAll(TEXT.stream());
        return trainer.train();
    }

    /** Writes lines and returns the file's path. */
    String file(String name, String... lines) {
        return bytes(name, (String.join("\n", lines) + "\n").getBytes(UTF_8));
    }

    String bytes(String name, byte... content) {
        try {
            Files.write(folder.resolve(name), content);
            return path(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Eight rows of ids with prompts of unequal length masked. */
    String ids() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            StringBuilder ids = new StringBuilder();
            StringBuilder labels = new StringBuilder();
            for (int t = 0; t < 6 + i; t++) {
                int id = 3 + (i * 31 + t * 7) % (VOCABULARY - 3);
                ids.append(t == 0 ? "" : ",").append(id);
                labels.append(t == 0 ? "" : ",").append(t < i ? -100 : id);
            }
            lines.add("{\"input_ids\":[" + ids + "],\"labels\":[" + labels + "]}");
        }
        return file("ids.jsonl", lines.toArray(String[]::new));
    }

    /** A RUN.yaml on the ids: 3 steps of 4 rows, LoRA of rank 2, and what is added here. */
    String run(String... more) {
        ids();
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "model: {path: '" + base() + "'}",
                                "method: {type: lora, rank: 2, alpha: 4}",
                                "data: {train: [{path: '"
                                        + path("ids.jsonl")
                                        + "', format: ids, licence: CC0-1.0}]}",
                                "steps: 3",
                                "batch: {sequences: 4}",
                                "output: '" + path("out") + "'"));
        lines.addAll(List.of(more));
        return file("RUN.yaml", lines.toArray(String[]::new));
    }

    /** The lines of a file as JSON. */
    List<JsonNode> json(String name) {
        return read(name).lines().map(l -> JsonMapper.shared().readTree(l)).toList();
    }

    String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file and folder, hidden ones too, with sizes. */
    List<String> listing() {
        try (Stream<Path> all = Files.walk(folder)) {
            List<String> names = new ArrayList<>();
            for (Path p : all.sorted().toList()) {
                names.add(p + (Files.isRegularFile(p) ? " " + Files.size(p) : ""));
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
