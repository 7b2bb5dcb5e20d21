package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lugha.runtime.plan.Plan;
import tools.jackson.databind.JsonNode;

/** What {@code adapter info} found, for people. */
record AdapterInfoText(JsonNode info) {
    List<String> lines() {
        List<String> all = new ArrayList<>();
        all.add(line("method", info.get("method").stringValue()));
        optional("base", "base_model_name_or_path", all);
        optional("rank", "r", all);
        optional("alpha", "lora_alpha", all);
        optional("targets", "targets", all);
        all.add(
                line(
                        "parameters",
                        String.format(
                                Locale.ROOT,
                                "%,d (%s: %s)",
                                info.get("parameters").longValue(),
                                Plan.size(info.get("bytes").longValue()),
                                String.join(", ", info.get("types").propertyNames()))));
        if (!info.get("layers").isEmpty()) {
            layers(all);
        }
        if (info.has("intruders")) {
            intruders(info.get("intruders"), all);
        }
        return all;
    }

    private void layers(List<String> all) {
        boolean model = info.has("intruders");
        all.add(
                String.format(
                        Locale.ROOT,
                        "%-44s %5s %8s %9s %9s %9s %9s%s",
                        "layer",
                        "rank",
                        "scale",
                        "|A|",
                        "|B|",
                        "|sBA|",
                        "largest",
                        model ? "       |W| intruders" : ""));
        for (JsonNode l : info.get("layers")) {
            String more =
                    l.has("intruders")
                            ? String.format(
                                    Locale.ROOT,
                                    " %9.4g %9d",
                                    l.get("norm_weight").doubleValue(),
                                    l.get("intruders").intValue())
                            : "";
            all.add(
                    String.format(
                            Locale.ROOT,
                            "%-44s %5d %8.4g %9.4g %9.4g %9.4g %9.4g%s",
                            l.get("path").stringValue(),
                            l.get("rank").intValue(),
                            l.get("scale").doubleValue(),
                            l.get("norm_a").doubleValue(),
                            l.get("norm_b").doubleValue(),
                            l.get("norm_update").doubleValue(),
                            l.get("spectral_norm").doubleValue(),
                            more));
        }
    }

    private static void intruders(JsonNode i, List<String> all) {
        int count = i.get("count").intValue();
        all.add(
                String.format(
                        Locale.ROOT,
                        "intruder dimensions: %d of the %d leading singular vectors of %d weights,"
                                + " in %d of them",
                        count,
                        i.get("looked_at").intValue(),
                        i.get("weights").intValue(),
                        i.get("weights_with").intValue()));
        all.add(
                count == 0
                        ? "The strongest directions of the model are still its own: little sign"
                                + " that it forgets."
                        : "These directions are new and among the strongest: the model may have"
                                + " forgotten things it knew. Measure it on other data; a lower"
                                + " learning rate or alpha, fewer steps, or a higher rank with"
                                + " rslora make fewer of them.");
    }

    private void optional(String name, String key, List<String> all) {
        if (info.hasNonNull(key)) {
            JsonNode v = info.get(key);
            List<String> texts = new ArrayList<>();
            if (v.isArray()) {
                v.forEach(t -> texts.add(t.asString()));
            } else {
                texts.add(v.asString());
            }
            all.add(line(name, String.join(", ", texts)));
        }
    }

    private static String line(String what, String value) {
        return String.format(Locale.ROOT, "%-12s %s", what, value);
    }
}
