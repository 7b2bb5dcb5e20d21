package org.lugha.tools.command;

import java.util.List;
import org.lugha.models.RequestException;
import org.lugha.models.Sampler;
import org.lugha.models.StopStrings;
import picocli.CommandLine.Option;

/** The options that say how text is made. */
final class DecodingOptions {
    @Option(
            names = "--max-new-tokens",
            defaultValue = "128",
            paramLabel = "N",
            description = "At most (default: ${DEFAULT-VALUE}).")
    private int maxNewTokens;

    @Option(
            names = "--temperature",
            defaultValue = "0",
            paramLabel = "T",
            description = "0 is greedy (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            defaultValue = "0",
            paramLabel = "K",
            description = "Draw from the K likeliest; 0 is all.")
    private int topK;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            paramLabel = "P",
            description = "Draw from the likeliest that make up P (default: ${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--repetition-penalty",
            defaultValue = "1",
            paramLabel = "R",
            description =
                    "Above 1 makes tokens of prompt and text less likely (default: ${DEFAULT-VALUE}).")
    private double repetitionPenalty;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "Ends the text before this; may be given several times.")
    private List<String> stop = List.of();

    @Option(
            names = "--beams",
            defaultValue = "1",
            paramLabel = "N",
            description = "Beam search with N beams (default: ${DEFAULT-VALUE}).")
    private int beams;

    @Option(
            names = "--length-penalty",
            defaultValue = "1",
            paramLabel = "P",
            description = "Of beam search: above 0 favours long texts (default: ${DEFAULT-VALUE}).")
    private double lengthPenalty;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "S",
            description = "Of the draws (default: ${DEFAULT-VALUE}).")
    private long seed;

    /** Refuses what is out of range or does not go together. */
    void check() {
        Generate.requireRange("--max-new-tokens", maxNewTokens, 1, Integer.MAX_VALUE);
        Generate.requireRange("--temperature", temperature, 0, 1000);
        Generate.requireRange("--top-k", topK, 0, Integer.MAX_VALUE);
        Generate.requireRange("--top-p", topP, 1e-9, 1);
        Generate.requireRange("--repetition-penalty", repetitionPenalty, 1e-3, 1000);
        Generate.requireRange("--beams", beams, 1, 256);
        Generate.requireRange("--length-penalty", lengthPenalty, -100, 100);
        stops();
        if (beams > 1 && temperature > 0) {
            throw new RequestException("--beams does not draw; leave --temperature at 0");
        }
        if (beams > 1 && !stop.isEmpty()) {
            throw new RequestException("--stop is not supported with --beams in this version");
        }
    }

    int maxNewTokens() {
        return maxNewTokens;
    }

    double repetitionPenalty() {
        return repetitionPenalty;
    }

    StopStrings stops() {
        return new StopStrings(stop);
    }

    int beams() {
        return beams;
    }

    double lengthPenalty() {
        return lengthPenalty;
    }

    /** Each line has draws of its own; a line's do not depend on the others. */
    Sampler sampler(int line) {
        return Sampler.of(temperature, topK, topP, seed + line);
    }
}
