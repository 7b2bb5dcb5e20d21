package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.peft.LoraMix;
import org.lugha.models.peft.MergedFolder;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha adapter merge --model DIR --adapter DIR... --output DIR}. */
@Command(
        name = "merge",
        description = {
            "Writes model and adapters as one plain checkpoint,",
            "or several LoRA adapters as one adapter."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  lugha adapter merge --model base --adapter yo --output merged",
            "  lugha adapter merge --adapter yo --adapter ha --weights 0.5,0.5 --into-adapter cat"
                    + " --output both"
        })
public final class AdapterMerge implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--model", paramLabel = "DIR", description = "The checkpoint they are for.")
    private Path model;

    @Option(
            names = "--adapter",
            required = true,
            paramLabel = "DIR",
            description = "An adapter's folder; more than one stack in this order.")
    private List<Path> adapters;

    @Option(
            names = "--weights",
            split = ",",
            paramLabel = "W",
            description = "What each adapter's update is multiplied by (default: 1).")
    private List<Double> weights;

    @Option(
            names = "--into-adapter",
            paramLabel = "KIND",
            description =
                    "Write a LoRA adapter: cat is the exact sum, its rank the sum of the ranks;"
                            + " linear adds the matrices and keeps the rank.")
    private LoraMix.Kind kind;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "A folder that is not there yet.")
    private Path output;

    @Option(
            names = "--input",
            paramLabel = "FILE.jsonl",
            description = "Lines as score takes them: says how much merging moved their loss.")
    private Path input;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        double[] each = new double[adapters.size()];
        Arrays.fill(each, 1);
        if (weights != null) {
            if (weights.size() != each.length) {
                throw new RequestException(
                        String.format(
                                Locale.ROOT,
                                "--weights: needs one for each of the %d adapters, got %d",
                                each.length,
                                weights.size()));
            }
            Arrays.setAll(each, weights::get);
        }
        if (Files.exists(output)) {
            throw new RequestException(
                    "--output: " + output + " is there already; choose another name");
        }
        Writable.requireFolder(output);
        ObjectNode told = JsonMapper.shared().createObjectNode();
        told.put("output", output.toString());
        if (kind != null) {
            if (input != null) {
                throw new RequestException(
                        "--input: has no meaning with --into-adapter, which merges nothing into a"
                                + " model");
            }
            LoraMix.save(kind, adapters, each, output);
        } else {
            merge(each, told);
        }
        print(told);
        return 0;
    }

    private void merge(double[] each, ObjectNode told) {
        if (model == null) {
            throw new RequestException(
                    "--model is missing: the checkpoint that the adapters are for");
        }
        var merged = new MergedFolder(model, adapters, each);
        try (CausalLM lm = merged.open()) {
            if (input != null) {
                told.put("loss_before", loss(lm));
            }
            merged.save(lm, output);
        }
        if (input != null) {
            try (CausalLM lm = CausalLM.load(output, Devices.best(), DType.F32)) {
                told.put("loss", loss(lm));
            }
        }
    }

    private double loss(CausalLM lm) {
        Path[] folders = adapters.toArray(Path[]::new);
        Path[] all = Arrays.copyOf(folders, folders.length + 1);
        all[folders.length] = model;
        return AdapterOptions.loss(lm, input, all).of(lm);
    }

    private void print(ObjectNode told) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(told));
            return;
        }
        out.println("written to " + output);
        if (told.has("loss")) {
            double before = told.get("loss_before").doubleValue();
            double after = told.get("loss").doubleValue();
            out.println(
                    String.format(
                            Locale.ROOT,
                            "loss %.6f before merging, %.6f after: moved by %+.4f %%",
                            before,
                            after,
                            100 * (after / before - 1)));
        }
    }
}
