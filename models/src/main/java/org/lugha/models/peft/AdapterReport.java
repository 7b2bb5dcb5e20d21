package org.lugha.models.peft;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.lugha.models.ConfigJson;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.spectrum.Svd;

/**
 * What an adapter's folder holds, told from its files alone.
 *
 * @param method for example {@code lora}, {@code dylora}, {@code ia3}
 * @param config its adapter_config.json
 * @param parameters numbers in all tensors
 * @param bytes of them
 * @param types numbers by type
 * @param layers the pairs of LoRA; empty for other methods
 */
public record AdapterReport(
        String method,
        ConfigJson config,
        long parameters,
        long bytes,
        SequencedMap<String, Long> types,
        List<Layer> layers) {
    /**
     * One pair of LoRA.
     *
     * @param scale of the update
     * @param a Frobenius norm of A
     * @param b Frobenius norm of B
     * @param update Frobenius norm of {@code s B A}
     * @param spectral largest singular value of {@code s B A}
     * @param values how many singular values it has that are more than a millionth of the largest
     */
    public record Layer(
            String path,
            int rank,
            int in,
            int out,
            double scale,
            double a,
            double b,
            double update,
            double spectral,
            int values) {}

    private static final double NOTHING = 1e-6;

    /** Reads a folder. */
    public static AdapterReport of(Path folder) {
        PeftConfig method = PeftFiles.read(folder);
        ConfigJson config = ConfigJson.read(folder.resolve(PeftFiles.CONFIG));
        long parameters = 0;
        long bytes = 0;
        SequencedMap<String, Long> types = new TreeMap<>();
        try (SafeTensors tensors = SafeTensors.open(PeftFiles.weights(folder))) {
            for (Entry e : tensors.entries().values()) {
                parameters += e.count();
                bytes += e.data().byteSize();
                types.merge(e.dtype().name().toLowerCase(Locale.ROOT), e.count(), Long::sum);
            }
        }
        boolean pairs = method instanceof Lora || method instanceof DyLora;
        String name =
                method instanceof DyLora
                        ? "dylora"
                        : config.text("peft_type", "").toLowerCase(Locale.ROOT);
        return new AdapterReport(
                name, config, parameters, bytes, types, pairs ? layers(folder) : List.of());
    }

    private static List<Layer> layers(Path folder) {
        List<Layer> all = new ArrayList<>();
        try (LoraFolder lora = LoraFolder.open(folder)) {
            for (String path : lora.layers()) {
                LoraFolder.Pair pair = lora.pair(path);
                double s = lora.lora().scale(path);
                Svd svd = Svd.ofProduct(pair.b(), pair.a());
                int values = 0;
                for (double v : svd.s()) {
                    values += v > NOTHING * svd.s()[0] ? 1 : 0;
                }
                all.add(
                        new Layer(
                                path,
                                pair.rank(),
                                pair.in(),
                                pair.out(),
                                s,
                                Svd.norm(pair.a()),
                                Svd.norm(pair.b()),
                                Math.abs(s) * svd.norm(),
                                Math.abs(s) * svd.s()[0],
                                values));
            }
        }
        return all;
    }
}
