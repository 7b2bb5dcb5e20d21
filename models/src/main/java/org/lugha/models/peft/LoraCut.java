package org.lugha.models.peft;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.OtherFiles;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.spectrum.Svd;
import tools.jackson.databind.node.ObjectNode;

/**
 * A smaller plain LoRA out of a larger one. What DyLoRA trained is cut: the first b rows of A and
 * columns of B with the same alpha are the LoRA of rank b. Any other is approximated: the b largest
 * singular values of {@code s B A} and their vectors, shared evenly between the new A and B (the
 * nearest update of that rank, Eckart and Young 1936).
 *
 * @param folder of the larger one
 * @param rank of the smaller one
 * @param bySingularValues whether it is approximated
 */
public record LoraCut(Path folder, int rank, boolean bySingularValues) {
    /** By cutting, which only what DyLoRA trained takes. */
    public static LoraCut of(Path folder, int rank) {
        return new LoraCut(folder, rank, false);
    }

    /**
     * Writes a new folder that appears when it is complete.
     *
     * @throws RequestException where the rank is not one of the adapter's, or the adapter not one
     *     that can be cut
     */
    public void save(Path output) {
        try (LoraFolder from = LoraFolder.open(folder);
                Staged staged = Staged.folder(output)) {
            Lora lora = from.lora();
            DyLora.requireRank(rank, lora.rank());
            if (!bySingularValues && !from.hasEveryRank()) {
                throw notCuttable(folder);
            }
            requireEven(from);
            ObjectNode config = from.config().root().deepCopy();
            config.put("r", rank);
            Map<String, Source> tensors = new TreeMap<>();
            from.others().forEach((key, e) -> tensors.put(key, e.source()));
            for (String layer : from.layers()) {
                LoraFolder.Pair pair = smaller(from.pair(layer), lora, layer);
                tensors.put(LoraFolder.key(layer, LoraFolder.A), LoraFolder.rows(pair.a()));
                tensors.put(LoraFolder.key(layer, LoraFolder.B), LoraFolder.columns(pair.b()));
            }
            Staged.write(staged.path().resolve(PeftFiles.CONFIG), ModelFiles.json(config) + "\n");
            SafeTensors.write(staged.path().resolve(PeftFiles.WEIGHTS), tensors);
            OtherFiles.copy(folder, staged.path(), Set.of(PeftFiles.CONFIG, DyLora.FILE));
            staged.commit();
        }
    }

    /** What to say of an adapter that only an approximation makes smaller. */
    public static RequestException notCuttable(Path folder) {
        return new RequestException(
                "adapter "
                        + folder
                        + ": expected one trained by DyLoRA, whose ranks are in order of use, got a"
                        + " plain LoRA; train with method.type: dylora, or ask for --svd, the"
                        + " nearest update of a lower rank");
    }

    private static void requireEven(LoraFolder from) {
        if (!from.lora().patterns().ranks().isEmpty()) {
            throw new RequestException(
                    "adapter "
                            + from.path()
                            + ": expected the same rank in all layers, got rank_pattern "
                            + from.lora().patterns().ranks());
        }
        for (Map.Entry<String, Entry> e : from.others().entrySet()) {
            if (e.getKey().contains(".lora_")) {
                throw new RequestException(
                        "adapter "
                                + from.path()
                                + ": only matrices of linear layers can be cut, got "
                                + e.getKey());
            }
        }
    }

    private LoraFolder.Pair smaller(LoraFolder.Pair pair, Lora lora, String layer) {
        if (!bySingularValues) {
            return new LoraFolder.Pair(
                    Arrays.copyOf(pair.a(), rank), Arrays.copyOf(pair.b(), rank));
        }
        Svd svd = Svd.ofProduct(pair.b(), pair.a());
        double old = lora.scale(layer);
        double more = (double) lora.rank() / rank;
        double now = old * (lora.rankStabilised() ? Math.sqrt(more) : more);
        double[][] a = new double[rank][];
        double[][] b = new double[rank][];
        for (int r = 0; r < rank; r++) {
            double root = Math.sqrt(svd.s()[r] * old / now);
            a[r] = Arrays.stream(svd.v()[r]).map(v -> v * root).toArray();
            b[r] = Arrays.stream(svd.u()[r]).map(v -> v * root).toArray();
        }
        return new LoraFolder.Pair(a, b);
    }
}
