package org.lugha.models;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.layers.RotaryTable;
import org.lugha.nn.KvCache;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.ObjectNode;

/**
 * A causal language model of any family: loaded from its folder or declared from its configuration,
 * then trained, scored or asked to generate.
 *
 * <pre>{@code
 * try (var model = CausalLM.load(folder, Devices.get("cpu"), DType.F32)) {
 *     int[] answer = model.generate(prompt, 128, Sampler.greedy(), model.endIds());
 * }
 * }</pre>
 */
public final class CausalLM extends Module {
    /** Many times more than any model has: more is a damaged or hostile configuration. */
    private static final int MOST_LAYERS = 1000;

    private static final long MOST_NUMBERS = 100_000_000_000_000L;

    private final Architecture parts;
    private final OutputLayer output;
    private final ObjectNode json;
    private List<Integer> endIds;
    private Checkpoint mapped;

    private CausalLM(Architecture parts, ObjectNode json) {
        this.parts = parts;
        output = new OutputLayer(parts);
        this.json = json;
        endIds = parts.config().endIds();
        child(parts.bodyName(), parts.body());
        child("lm_head", parts.head());
    }

    // ---- where one comes from

    /** The modules without values: give them some with {@link #initialize}. */
    public static CausalLM declare(ConfigJson config) {
        ModelFamily family = ModelFamily.of(config);
        Quantization.of(config); // one that cannot be read is refused before anything large
        for (String layers : List.of("num_hidden_layers", "n_layer")) {
            if (config.size(layers, 1) > MOST_LAYERS) {
                throw config.fail(layers, "at most " + MOST_LAYERS, "" + config.size(layers));
            }
        }
        try {
            CausalLM model = new CausalLM(family.declare(config), config.root().deepCopy());
            long size = 0;
            for (Parameter p : model.named().values()) {
                size = Math.addExact(size, p.shape().count());
            }
            if (size > MOST_NUMBERS) {
                throw new ArithmeticException("parameters");
            }
            return model;
        } catch (ArithmeticException e) {
            throw new RequestException(
                    config.source()
                            + ": expected sizes that can be, got some whose products"
                            + " exceed what can be counted; is it damaged?",
                    e);
        }
    }

    /** As {@link #declare(ConfigJson)} from a {@code config.json}, or from the folder it is in. */
    public static CausalLM declare(Path config) {
        return declare(ModelFiles.config(config));
    }

    /** As {@link #load(Path, Device, DType, Access)} with frozen weights. */
    public static CausalLM load(Path folder, Device device, DType dtype) {
        return load(folder, device, dtype, Access.FROZEN);
    }

    /**
     * A checkpoint in Hugging Face's format: {@code config.json} and safetensors, one file or
     * shards.
     *
     * @param dtype the type the weights are held in: F32, or BF16 or F16 with what is computed from
     *     them F32 all the same, or F64
     * @throws RequestException naming every missing, unexpected and mis-shaped tensor
     */
    public static CausalLM load(Path folder, Device device, DType dtype, Access access) {
        CausalLM model = ModelFiles.load(folder, device, dtype, access, null);
        model.freeze(access == Access.FROZEN);
        return model;
    }

    /**
     * As {@link #load(Path, Device, DType)} with linear layers quantised one after the other while
     * they are read; those that are quantised in the files stay as they are.
     */
    public static CausalLM load(Path folder, Device device, DType dtype, Quantization q) {
        CausalLM model = ModelFiles.load(folder, device, dtype, Access.FROZEN, q);
        model.freeze(true);
        return model;
    }

    /** Takes the end tokens of {@code generation_config.json}, which go before the model's own. */
    void endsWith(List<Integer> ids) {
        endIds = ids;
    }

    /** Closes this checkpoint with the model: its weights lie in it. */
    void holds(Checkpoint checkpoint) {
        mapped = checkpoint;
    }

    // ---- what it is

    public ModelConfig config() {
        return parts.config();
    }

    /** The configuration as it was read, with keys that nothing here uses. */
    public ObjectNode configJson() {
        return json.deepCopy();
    }

    /** Tokens that end a generated text, as the checkpoint names them; possibly none. */
    public List<Integer> endIds() {
        return endIds;
    }

    public int vocabularySize() {
        return parts.config().vocabularySize();
    }

    public Architecture parts() {
        return parts;
    }

    public Device device() {
        return parts.embedding().weight().value().device();
    }

    public DType dtype() {
        return parts.embedding().weight().value().dtype();
    }

    /** Numbers in all parameters, each counted once, adapters' not included. */
    public long size() {
        return count(List.copyOf(named().values()));
    }

    /** Numbers that training changes, adapters' included. */
    public long trainableSize() {
        return count(trainable());
    }

    // ---- what it computes

    /** Logits {@code [B,T,V]} from ids I32 {@code [B,T]}. */
    @Override
    protected Var compute(Var ids, Pass pass) {
        return output.logits(parts.body().forward(ids, pass), pass);
    }

    /**
     * Hidden states {@code [B,T,D]} before the last norm.
     *
     * @throws RequestException when an id is outside the vocabulary
     */
    public Var hidden(Tokens tokens, boolean training, long seed) {
        return hidden(tokens, pass(tokens, training, seed));
    }

    private Var hidden(Tokens tokens, Pass pass) {
        Prompted all = Prompted.of(this, tokens);
        return all.own(body(all, pass), this);
    }

    private Var body(Prompted rows, Pass pass) {
        rows.tokens().check(vocabularySize());
        return parts.body().forward(Var.of(Tokens.tensor(device(), rows.tokens().ids())), pass);
    }

    /**
     * A pass over these rows, virtual tokens included, whose positions live in the current scope;
     * nothing recomputed.
     */
    public Pass pass(Tokens tokens, boolean training, long seed) {
        Tokens all = Prompted.of(this, tokens).tokens();
        Tensor positions = Tokens.tensor(device(), all.positions());
        return new Pass(training, seed, all.mask(), positions, null);
    }

    /**
     * Logits {@code [B,T,V]}; for many rows at once prefer {@link #nll}, which never holds them.
     */
    public Var logits(Tokens tokens) {
        Pass pass = pass(tokens, false, 0);
        return output.logits(hidden(tokens, pass), pass);
    }

    /** Logits {@code [T,V]} of one row. */
    public Tensor logits(int... ids) {
        return logits(Tokens.rows(ids)).value().rows();
    }

    /**
     * {@code scale} times the summed cross-entropy of all counted positions. {@code labels} lie as
     * the ids do, -100 for what does not count; the shift by one is done here. Only counted
     * positions reach the last norm and the output layer. With none, the loss is 0 and every
     * gradient 0, so that such a micro-batch may be part of an accumulated step.
     *
     * @param scale 1 / (counted positions of the whole step), so that micro-batches add up: {@link
     *     #counted}
     * @param training whether dropout drops, as a function of the seed
     */
    public Var loss(Tokens tokens, int[][] labels, double scale, boolean training, long seed) {
        return loss(tokens, labels, scale, pass(tokens, training, seed));
    }

    /** As {@link #loss(Tokens, int[][], double, boolean, long)} with any {@link #pass}. */
    public Var loss(Tokens tokens, int[][] labels, double scale, Pass pass) {
        Prompted all = Prompted.of(this, tokens);
        Targets targets = all.targets(labels, vocabularySize());
        if (targets.count() == 0) {
            int[][] one = {{tokens.ids()[0][0], tokens.ids()[0][0]}};
            Tokens few = Tokens.rows(one);
            Pass same = pass(few, pass.training(), pass.seed()).withRecompute(pass.recompute());
            return loss(few, one, 0, same);
        }
        return output.loss(counted(all, targets, pass), targets, scale);
    }

    /**
     * How many positions of these labels count, after the shift by one; behind a learned prompt an
     * example's first token does too.
     */
    public int counted(Tokens tokens, int[][] labels) {
        return Prompted.of(this, tokens).targets(labels, vocabularySize()).count();
    }

    /** Cross-entropy of each counted position, row by row, in nats; without a tape. */
    public double[][] nll(Tokens tokens, int[][] labels) {
        tokens.check(vocabularySize());
        Prompted rows = Prompted.of(this, tokens);
        Targets targets = rows.targets(labels, vocabularySize());
        if (targets.count() == 0) {
            return output.nll(null, targets);
        }
        try (var _ = Scope.open("nll")) {
            return output.nll(counted(rows, targets, pass(tokens, false, 0)).value(), targets);
        }
    }

    // ---- generation

    /** The new tokens after a prompt, an end token included if one came. */
    public int[] generate(int[] prompt, int maxNewTokens, Sampler sampler, List<Integer> endIds) {
        return generate(List.of(prompt), maxNewTokens, sampler, endIds).getFirst();
    }

    /**
     * As {@link #generate(int[], int, Sampler, List)} for several prompts in one batch; each gets
     * what it would get alone.
     */
    public List<int[]> generate(
            List<int[]> prompts, int maxNewTokens, Sampler sampler, List<Integer> endIds) {
        return generate(prompts, new GenerationOptions(maxNewTokens, sampler, endIds));
    }

    /** As {@link #generate(List, int, Sampler, List)} with all options. */
    public List<int[]> generate(List<int[]> prompts, GenerationOptions options) {
        return new Generation(this, options).run(prompts);
    }

    /**
     * The best continuation that a search with several beams finds. The sampler and the watcher of
     * the options are not asked.
     *
     * @param beams kept at a time, at least 1
     * @param lengthPenalty scores are divided by the length to this power: above 0 favours long
     */
    public int[] search(int[] prompt, GenerationOptions options, int beams, double lengthPenalty) {
        return new BeamSearch(this, options, beams, lengthPenalty).run(prompt);
    }

    /**
     * An empty cache, of the type that is computed in, for {@code batch} rows of up to {@code
     * capacity} tokens.
     */
    public KvCache cache(int batch, int capacity) {
        var c = parts.cache();
        return new KvCache(
                device(),
                dtype().wide(),
                c.layers(),
                batch,
                Math.max(1, capacity) + Prompted.count(this),
                c.heads(),
                c.dim());
    }

    /** Logits {@code [B,V]} of each row's last token: for generation. */
    Tensor last(int[][] ids, Pass pass) {
        Var h = parts.body().forward(Var.of(Tokens.tensor(device(), ids)), pass);
        int length = ids[0].length;
        int[] rows = new int[ids.length];
        Arrays.setAll(rows, b -> (b + 1) * length - 1);
        return output.logits(h.rows(Targets.tensor(device(), rows)), pass).value();
    }

    // ---- files

    /**
     * Writes {@code config.json} and {@code model.safetensors} as a new folder that appears when it
     * is complete; transformers loads it. Adapters are not part of it.
     */
    public void save(Path folder) {
        save(folder, ModelFiles.SHARD_BYTES);
    }

    /**
     * As {@link #save(Path)} with shards of another size than 5 GB: files {@code
     * model-00001-of-0000N.safetensors} of at most that many bytes (a larger tensor has one of its
     * own) and their index.
     */
    public void save(Path folder, long maxShardBytes) {
        ModelFiles.save(this, folder, maxShardBytes);
    }

    /** Writes the two files into a folder that is there, each complete or not at all. */
    public void writeInto(Path folder) {
        ModelFiles.write(this, folder, ModelFiles.SHARD_BYTES);
    }

    /** Gives all memory back, adapters' included, and unmaps the checkpoint. */
    @Override
    public void close() {
        super.close();
        parts.rotary().forEach(RotaryTable::close);
        if (mapped != null) {
            mapped.close();
        }
    }

    private Var counted(Prompted tokens, Targets targets, Pass pass) {
        Var rows = body(tokens, pass).rows(Targets.tensor(device(), targets.rows()));
        return parts.norm().forward(rows, pass);
    }

    private static long count(List<Parameter> parameters) {
        return parameters.stream().mapToLong(p -> p.shape().count()).sum();
    }
}
