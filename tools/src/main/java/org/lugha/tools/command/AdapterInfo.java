package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.peft.AdapterReport;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.peft.WeightSpectrum;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha adapter info --adapter DIR [--model DIR]}. */
@Command(
        name = "info",
        description = {
            "What an adapter holds, and how strong it is, layer by layer.",
            "With its model: how many intruder dimensions it brings, a sign of forgetting."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha adapter info --adapter runs/yo/adapter --model base"})
public final class AdapterInfo implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private AdapterOptions options;

    @Option(
            names = "--top",
            defaultValue = "10",
            paramLabel = "K",
            description =
                    "Leading singular vectors that are looked at (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--epsilon",
            defaultValue = "0.5",
            paramLabel = "E",
            description =
                    "A vector less like every one before is an intruder (default:"
                            + " ${DEFAULT-VALUE}).")
    private double epsilon;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Generate.requireRange("--top", top, 1, 1000);
        if (!(epsilon > 0 && epsilon < 1)) {
            throw new RequestException("--epsilon: must be between 0 and 1, got " + epsilon);
        }
        ObjectNode all = describe(AdapterReport.of(options.adapter()));
        if (options.hasModel()) {
            spectrum(all);
        }
        if (json) {
            spec.commandLine().getOut().println(JsonMapper.shared().writeValueAsString(all));
        } else {
            new AdapterInfoText(all).lines().forEach(spec.commandLine().getOut()::println);
        }
        return 0;
    }

    private static ObjectNode describe(AdapterReport report) {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("method", report.method());
        for (String key :
                List.of("base_model_name_or_path", "r", "lora_alpha", "use_rslora", "use_dora")) {
            report.config().get(key).ifPresent(v -> o.set(key, v));
        }
        report.config().get("target_modules").ifPresent(v -> o.set("targets", v));
        o.put("parameters", report.parameters());
        o.put("bytes", report.bytes());
        ObjectNode types = o.putObject("types");
        report.types().forEach(types::put);
        var layers = o.putArray("layers");
        for (AdapterReport.Layer l : report.layers()) {
            ObjectNode one = layers.addObject();
            one.put("path", l.path());
            one.put("rank", l.rank());
            one.put("in", l.in());
            one.put("out", l.out());
            one.put("scale", l.scale());
            one.put("norm_a", l.a());
            one.put("norm_b", l.b());
            one.put("norm_update", l.update());
            one.put("spectral_norm", l.spectral());
            one.put("singular_values", l.values());
        }
        return o;
    }

    private void spectrum(ObjectNode all) {
        List<WeightSpectrum> found;
        try (CausalLM lm = options.base();
                Attached adapter = PeftFiles.loadInto(lm, options.adapter());
                Progress progress =
                        new Progress("spectrum", Math.max(1, all.get("layers").size()))) {
            found = WeightSpectrum.of(adapter, top, (done, _) -> progress.at(done, "layers"));
        }
        Map<String, ObjectNode> known = new HashMap<>();
        all.get("layers").forEach(l -> known.put(l.get("path").stringValue(), l.asObject()));
        List<Integer> counts = new ArrayList<>();
        int looked = 0;
        for (WeightSpectrum w : found) {
            int n = w.intruders().count(epsilon);
            counts.add(n);
            looked += w.intruders().values().length;
            ObjectNode one = known.get(w.path());
            if (one != null) {
                one.put("norm_weight", w.before());
                one.put("intruders", n);
            }
        }
        ObjectNode sum = all.putObject("intruders");
        sum.put("top", top);
        sum.put("epsilon", epsilon);
        sum.put("looked_at", looked);
        sum.put("count", counts.stream().mapToInt(n -> n).sum());
        sum.put("weights", counts.size());
        sum.put("weights_with", (int) counts.stream().filter(n -> n > 0).count());
    }
}
