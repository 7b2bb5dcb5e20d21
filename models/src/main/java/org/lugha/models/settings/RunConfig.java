package org.lugha.models.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lugha.autograd.Parameter;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.TextRules;
import org.lugha.models.energy.EnergySettings;
import org.lugha.optim.AdamW;
import tools.jackson.databind.JsonNode;

/**
 * A training run as RUN.yaml describes it, all defaults filled in; read by {@link RunFile}.
 *
 * @param model folder of a checkpoint; empty when {@code modelConfig} starts from random weights
 * @param modelConfig a config.json for random weights
 * @param tokenizer folder or file; empty when the data holds ids
 * @param steps optimizer steps; 0 when {@code epochs} decides
 * @param epochs passes over the data; 0 when {@code steps} decides
 * @param precision how frozen weights and what backward needs are stored
 * @param gradientCheckpointing whether blocks are computed again in backward
 * @param evaluate when and what is measured on the way
 * @param checkpoint when what a resume needs is written
 * @param energy how it is counted
 * @param resolved the same as a tree, for run.json
 */
public record RunConfig(
        Optional<Path> model,
        Optional<Path> modelConfig,
        Optional<Path> tokenizer,
        Method method,
        Data data,
        Optimization optimizer,
        Decay schedule,
        int steps,
        double epochs,
        int sequences,
        int accumulate,
        Precision precision,
        boolean gradientCheckpointing,
        String device,
        int threads,
        long seed,
        Evaluate evaluate,
        Keep checkpoint,
        EnergySettings energy,
        Path output,
        JsonNode resolved) {

    /**
     * What is trained on and measured on.
     *
     * @param loss which tokens count: {@code all}, {@code completion} or {@code assistant}
     * @param samplingTemperature languages are drawn with p ~ share^(1/T); 1 is as the data lies
     * @param packing several examples a row, none of which sees another
     * @param text what is done to every text before it is tokenised
     * @param chatTemplate a file of one, or {@code chatml}; empty for the tokenizer's own
     */
    public record Data(
            List<DataFile> train,
            List<DataFile> eval,
            String loss,
            double samplingTemperature,
            boolean packing,
            int maxLength,
            boolean shuffle,
            TextRules text,
            Optional<String> chatTemplate) {}

    /**
     * AdamW and clipping; {@code clipGradNorm} 0 is off.
     *
     * @param plus other learning rates for some of LoRA's matrices
     * @param eightBits a byte a moment of large weights
     */
    public record Optimization(
            double lr,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decayAll,
            double clipGradNorm,
            LoraPlus plus,
            boolean eightBits) {
        /** The optimizer that it describes. */
        public AdamW of(List<Parameter> trained) {
            return eightBits
                    ? AdamW.eightBits(trained, beta1, beta2, eps, weightDecay, decayAll)
                    : new AdamW(trained, beta1, beta2, eps, weightDecay, decayAll);
        }
    }

    /**
     * LoRA+ (Hayou et al. 2024): B learns faster than A.
     *
     * @param ratio of the learning rate of B, and of biases and other vectors, to that of A; 1:
     *     none
     * @param embedding learning rate of an embedding's A and B
     */
    public record LoraPlus(double ratio, double embedding) {
        /** What a parameter's learning rate is multiplied by, as PEFT groups them. */
        public double factor(Parameter p, double lr) {
            if (ratio == 1 || lr == 0) {
                return 1;
            }
            if (p.name().contains(".lora_embedding_")) {
                return embedding / lr;
            }
            return p.name().contains("lora_B") || p.shape().rank() == 1 ? ratio : 1;
        }
    }

    /** The learning rate's course: constant, linear or cosine. */
    public record Decay(String type, int warmupSteps, double minLrRatio) {}

    /**
     * Measuring on the way.
     *
     * @param every steps between evaluations; 0: never
     * @param metrics by name; {@code loss} is always there
     * @param patience evaluations without a better loss after which the run ends; 0: it does not
     * @param samples continuations of evaluation data that are shown
     * @param examples of a file that are generated for metrics of text; 0: all
     * @param maxNewTokens of a continuation
     */
    public record Evaluate(
            int every,
            List<String> metrics,
            int patience,
            int samples,
            int examples,
            int maxNewTokens) {
        public Evaluate {
            metrics = List.copyOf(metrics);
        }
    }

    /**
     * Checkpoints to go on from.
     *
     * @param every steps between them; 0: only when the run is interrupted
     * @param keep how many of the latest; the best is kept beside them
     */
    public record Keep(int every, int keep) {}
}
