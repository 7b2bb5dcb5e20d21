package org.lugha.models.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lugha.models.energy.Energy;

/**
 * All that a run has to tell. Every list may be empty and every text blank: that part is left away
 * then. Numbers that are not known are NaN, counts -1.
 *
 * @param title heads the page
 * @param facts what was trained how, a line each
 * @param steps every step, ascending
 * @param evaluations ascending by step
 * @param memory parts of the plan in bytes; the last is the peak
 * @param data what was trained on
 * @param notes warnings and remarks, a sentence each
 * @param configuration the resolved RUN.yaml, as text
 */
public record ReportData(
        String title,
        List<Fact> facts,
        List<Step> steps,
        List<Evaluation> evaluations,
        List<Sample> samples,
        List<Masked> masks,
        List<Part> memory,
        Optional<Energy> energy,
        List<Source> data,
        List<String> notes,
        String configuration) {

    /** A name and what is known under it. */
    public record Fact(String name, String value) {}

    /** One optimizer step, as in metrics.jsonl. */
    public record Step(int step, double loss, double gradNorm, double lr, double tokensPerSecond) {}

    /**
     * Figures of one set after one step; 0 is before training.
     *
     * @param set a language, or any other name; blank: everything together
     * @param loss mean over counted tokens, in nats
     * @param bitsPerByte of the text, or NaN
     * @param metrics other figures by name, such as chrf++
     */
    public record Evaluation(
            int step,
            String set,
            double loss,
            double bitsPerByte,
            long counted,
            Map<String, Double> metrics) {
        /** e to the loss. */
        public double perplexity() {
            return Math.exp(loss);
        }
    }

    /**
     * What the model says to a prompt.
     *
     * @param language of the answers, blank if unknown
     * @param reference the right answer, or blank
     * @param before training, or blank
     */
    public record Sample(
            String language, String prompt, String reference, String before, String after) {}

    /**
     * An example as the loss sees it.
     *
     * @param set where it is from
     */
    public record Masked(String set, String language, List<Span> spans) {}

    /** A piece of text, and whether the loss counts it. */
    public record Span(String text, boolean counted) {}

    /** A part of the memory. */
    public record Part(String name, long bytes) {}

    /**
     * A file of training data.
     *
     * @param name the data set's name for the world, such as its id on the Hugging Face hub; or
     *     blank
     * @param counted tokens that the loss counts
     * @param epochs how often it was seen
     * @param asked share of the examples that the settings ask for, 0 to 1
     * @param realised share that it had
     * @param licence as the configuration says, or blank
     * @param consent statement on how its people agreed, or blank
     */
    public record Source(
            String file,
            String name,
            String language,
            long examples,
            long tokens,
            long counted,
            double epochs,
            double asked,
            double realised,
            String licence,
            String consent) {}

    public ReportData {
        facts = List.copyOf(facts);
        steps = List.copyOf(steps);
        evaluations = List.copyOf(evaluations);
        samples = List.copyOf(samples);
        masks = List.copyOf(masks);
        memory = List.copyOf(memory);
        data = List.copyOf(data);
        notes = List.copyOf(notes);
    }
}
