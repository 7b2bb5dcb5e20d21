package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole run against the same steps of transformers and PEFT, where their numbers are at hand. */
class PeerTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama",
                "llama-gqa-tied",
                "llama3-rope",
                "mistral-window",
                "qwen2",
                "qwen3",
                "gemma2",
                "gemma3",
                "gpt2",
                "bloom"
            })
    void twelveStepsAreThePeers(String name) throws IOException {
        Path at = Path.of(System.getProperty("lugha.shared", "none"), "parity", "cases", name);
        assumeTrue(Files.isDirectory(at), "no cases of transformers and PEFT at hand");
        Tiny tiny = new Tiny(folder);
        JsonNode peer = JsonMapper.shared().readTree(Files.readString(at.resolve("case.json")));
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < peer.get("input_ids").size(); i++) {
            var row = JsonMapper.shared().createObjectNode();
            for (String key : List.of("input_ids", "labels", "attention_mask")) {
                row.set(key, peer.get(key).get(i));
            }
            rows.add(row.toString());
        }
        JsonNode lora = peer.get("lora");
        String run =
                tiny.file(
                        "RUN.yaml",
                        "model: {path: '" + at + "'}",
                        "method: {init_adapter: '" + at.resolve("adapter0") + "'}",
                        "data:",
                        "  train: [{path: '"
                                + tiny.file("rows.jsonl", rows.toArray(String[]::new))
                                + "', format: ids}]",
                        "  shuffle: false",
                        "optimizer: {lr: %s, weight_decay: %s, clip_grad_norm: %s}"
                                .formatted(
                                        lora.get("lr"),
                                        lora.get("weight_decay"),
                                        lora.get("clip_grad_norm")),
                        "schedule: {type: constant}",
                        "batch: {sequences: " + rows.size() + "}",
                        "steps: " + lora.get("steps").size(),
                        "output: '" + tiny.path("out") + "'");
        Cli.ok("train", "--config", run);
        List<JsonNode> ours = tiny.json("out/metrics.jsonl");
        double tolerance = peer.get("tolerance").get("trajectory_rel").doubleValue();
        for (int i = 0; i < ours.size(); i++) {
            for (String key : List.of("loss", "grad_norm")) {
                double theirs = lora.get("steps").get(i).get(key).doubleValue();
                assertEquals(theirs, ours.get(i).get(key).doubleValue(), tolerance * theirs, key);
            }
        }
        assertEquals(lora.get("steps").size(), ours.size());
    }
}
