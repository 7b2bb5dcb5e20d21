package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.lugha.models.ConfigJson;
import org.lugha.models.Quantization;
import org.lugha.models.QuantizedFolder;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.settings.Precision;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import org.lugha.tools.Progress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lugha model quantize --model DIR --output DIR}. */
@Command(
        name = "quantize",
        description =
                "Writes a base whose linear layers are held in few bits, one weight at a time:"
                        + " embeddings, norms and the output layer stay as they are.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  lugha model quantize --model base --output base-nf4",
            "  lugha model quantize --config llama8b.json --seed 1 --precision bf16 --output big"
        })
public final class ModelQuantize implements Callable<Integer> {
    @Spec private CommandSpec spec;

    /** Where the weights come from. */
    static final class From {
        @Option(names = "--model", paramLabel = "DIR", description = "A checkpoint.")
        private Path model;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "A config.json: random weights of that shape.")
        private Path config;
    }

    @ArgGroup(multiplicity = "1")
    private From from;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "A folder that is not there yet.")
    private Path output;

    @Option(
            names = "--type",
            defaultValue = "nf4",
            description = "nf4 or int8 (default: ${DEFAULT-VALUE}).")
    private String type;

    @Option(
            names = "--no-double-quantization",
            description = "Leave the absmax of nf4's blocks in F32.")
    private boolean plain;

    @Option(
            names = "--block-size",
            defaultValue = "64",
            paramLabel = "N",
            description = "Elements of a block of nf4 (default: ${DEFAULT-VALUE}).")
    private int blockSize;

    @Option(
            names = "--keep",
            split = ",",
            paramLabel = "NAME",
            description = "Further linear layers that stay as they are, such as o_proj.")
    private List<String> keep = List.of();

    @Option(
            names = "--precision",
            description =
                    "f32 or bf16, of what is not quantised (default: as it lies; f32 with"
                            + " --config).")
    private Precision precision;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "S",
            description = "Of random weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() {
        if (Files.exists(output)) {
            throw new RequestException(
                    "model quantize: " + output + " is there already; choose another name");
        }
        Writable.requireFolder(output);
        Quantization.Type t = Quantization.Type.of("--type", type);
        boolean nested = t == Quantization.Type.NF4 && !plain;
        Quantization q = new Quantization(t, blockSize, nested, keep);
        DType rest = precision == null ? null : precision.weights();
        try (Watched watched = new Watched()) {
            write(new QuantizedFolder(Devices.get("cpu"), q, watched), rest);
        }
        spec.commandLine().getErr().println("wrote " + output + " in " + q);
        return 0;
    }

    /** Progress, of which the total is known with the first weight. */
    private static final class Watched implements QuantizedFolder.Watch, AutoCloseable {
        private Progress progress;

        @Override
        public void at(int done, int total, String name) {
            progress = progress == null ? new Progress("quantising", total) : progress;
            progress.at(done, name);
        }

        @Override
        public void close() {
            if (progress != null) {
                progress.close();
            }
        }
    }

    private void write(QuantizedFolder writer, DType rest) {
        if (from.model != null) {
            writer.write(from.model, rest, output);
        } else {
            ConfigJson config =
                    ConfigJson.read(
                            Files.isDirectory(from.config)
                                    ? from.config.resolve("config.json")
                                    : from.config);
            writer.write(config, rest == null ? DType.F32 : rest, seed, output);
        }
    }
}
