package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lugha.runtime.plan.Plan;
import tools.jackson.databind.JsonNode;

/** What {@code model info} found, for people. */
record ModelInfoText(JsonNode info) {
    List<String> lines() {
        List<String> all = new ArrayList<>();
        all.add(line("model", info.get("model_type").stringValue()));
        all.add(line("parameters", count(info.get("parameters").longValue())));
        info.get("parts")
                .forEachEntry((part, n) -> all.add(line("  " + part, count(n.longValue()))));
        all.add(line("embeddings tied", info.get("tied").booleanValue() ? "yes" : "no"));
        all.add(line("vocabulary", count(info.get("vocabulary").longValue())));
        all.add(line("positions", count(info.get("max_positions").longValue())));
        List<String> types = new ArrayList<>();
        info.get("types").forEachEntry((t, n) -> types.add(t + " " + count(n.longValue())));
        all.add(line("types", types.isEmpty() ? "no weights here" : String.join(", ", types)));
        if (info.has("quantization")) {
            all.add(line("quantised", info.get("quantization").stringValue()));
        }
        JsonNode lora = info.get("lora");
        List<String> targets = new ArrayList<>();
        lora.get("targets").forEach(t -> targets.add(t.stringValue()));
        all.add(line("lora targets", String.join(", ", targets)));
        all.add(line("lora, each rank", count(lora.get("parameters_per_rank").longValue())));
        all.add(
                String.format(
                        Locale.ROOT,
                        "%-22s %s (%.2f %%)",
                        "lora, rank " + lora.get("rank").intValue(),
                        count(lora.get("parameters").longValue()),
                        100 * lora.get("share").doubleValue()));
        memory(info.get("memory"), all);
        List<String> can = new ArrayList<>();
        info.get("supported").forEach(s -> can.add(s.stringValue()));
        all.add(line("supported", String.join(", ", can)));
        return all;
    }

    private static void memory(JsonNode memory, List<String> all) {
        all.add(
                String.format(
                        Locale.ROOT,
                        "memory to train, %d x %d tokens a micro-batch:",
                        memory.get("batch").intValue(),
                        memory.get("seq").intValue()));
        for (JsonNode m : memory.get("methods")) {
            all.add(
                    String.format(
                            Locale.ROOT,
                            "  %-32s peak %s: weights %s, gradients %s, optimizer %s, activations %s",
                            m.get("method").stringValue()
                                    + (m.get("gradient_checkpointing").booleanValue()
                                            ? ", gradient_checkpointing"
                                            : ""),
                            size(m, "peak"),
                            size(m, "weights"),
                            size(m, "gradients"),
                            size(m, "optimizer"),
                            size(m, "activations")));
        }
    }

    private static String size(JsonNode m, String key) {
        return Plan.size(m.get(key).longValue());
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String line(String what, String value) {
        return String.format(Locale.ROOT, "%-22s %s", what, value);
    }
}
