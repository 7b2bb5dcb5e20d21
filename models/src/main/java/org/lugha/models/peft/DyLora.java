package org.lugha.models.peft;

import java.nio.file.Files;
import java.nio.file.Path;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.nn.Adapter;
import org.lugha.runtime.Philox;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * DyLoRA (Valipour et al. 2023, arXiv 2210.07558): one training serves every rank from 1 to {@code
 * r}. Each step draws a rank b, the same for all layers, and uses the first b rows of A and columns
 * of B alone, {@code y = W x + s_b B[:, :b] A[:b] drop(x)}, with the scale that LoRA of that rank
 * has: {@code s_b = alpha / b}, or {@code alpha / sqrt(b)} where rank-stabilised. So what is cut
 * off at b is a plain LoRA of rank b with the same alpha.
 *
 * <p>Its files are those of a plain LoRA of rank r, and {@value #FILE} beside them, which PEFT does
 * not look at.
 *
 * @param lora the settings of rank r
 * @param frozen whether a step trains its last row alone and leaves those before it as they are,
 *     which is quicker and a little worse
 */
public record DyLora(Lora lora, boolean frozen) implements PeftConfig {
    /** Tells that a folder's LoRA can be cut. */
    public static final String FILE = "dylora.json";

    /** Keeps the draws apart from everything else that is random in a run. */
    private static final long DRAWS = 0x44794c6f5241L;

    public DyLora {
        LoraOptions options = lora.options();
        if (options.dora()
                || options.outputBias()
                || (options.start() != LoraStart.STANDARD
                        && options.start() != LoraStart.GAUSSIAN)) {
            throw new RequestException(
                    "DyLoRA: dora, lora_bias and a start that spans all ranks cannot be cut; leave"
                            + " them out");
        }
        if (!lora.patterns().ranks().isEmpty()) {
            throw new RequestException(
                    "DyLoRA: rank_pattern must be empty, got "
                            + lora.patterns().ranks()
                            + "; all layers are cut at the same rank");
        }
    }

    /** The rank that a step trains, in {@code [1, max]}: a function of the run's seed and step. */
    public static int drawn(long seed, long step, int max) {
        return 1 + (int) (Philox.uniform(Philox.derive(seed, DRAWS), step) * max);
    }

    /** What a folder with these settings holds: one that can be cut, or a plain LoRA. */
    static PeftConfig of(Lora lora, Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return lora;
        }
        ConfigJson j = ConfigJson.read(file);
        if (j.size("r") != lora.rank()) {
            throw j.fail(
                    "r", "the rank of " + PeftFiles.CONFIG + ", " + lora.rank(), j.size("r") + "");
        }
        return new DyLora(lora, j.flag("frozen", false));
    }

    /**
     * From now on the model answers with these ranks alone; what is trained stays the same.
     *
     * @throws RequestException where the adapter cannot be cut, or not there
     */
    public static void use(Attached adapter, int rank) {
        if (!(adapter.config() instanceof DyLora(Lora lora, _))) {
            throw new RequestException(
                    "use rank "
                            + rank
                            + ": expected an adapter trained by DyLoRA, got a plain one; train"
                            + " with method.type: dylora, or cut it by its singular values");
        }
        requireRank(rank, lora.rank());
        for (Adapter a : adapter.adapters().values()) {
            if (a instanceof DyLoraLayer layer) {
                layer.use(rank);
            }
        }
    }

    static void requireRank(int rank, int max) {
        if (rank < 1 || rank > max) {
            throw new RequestException(
                    "rank: must be from 1 to " + max + ", the adapter's own, got " + rank);
        }
    }

    @Override
    public Attached attachTo(CausalLM model, long seed) {
        return new LoraAttachment(lora, model)
                .attach(this, layer -> new DyLoraLayer(layer, lora.rankStabilised(), frozen), seed);
    }

    @Override
    public ObjectNode toJson(CausalLM model, String base) {
        return lora.toJson(model, base);
    }

    @Override
    public void writeBeside(Path folder) {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.put("r", lora.rank());
        j.put("frozen", frozen);
        Staged.write(folder.resolve(FILE), ModelFiles.json(j) + "\n");
    }
}
