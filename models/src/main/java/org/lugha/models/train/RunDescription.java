package org.lugha.models.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.QuantizedModel;
import org.lugha.models.RequestException;
import org.lugha.models.corpus.Overlap;
import org.lugha.models.data.DataSet;
import org.lugha.models.peft.Attached;
import org.lugha.models.settings.Freezing;
import org.lugha.models.settings.Method;
import org.lugha.models.settings.Precision;
import org.lugha.models.settings.RunConfig;
import org.lugha.runtime.plan.Plan;

/** What a run is about to do, told before its first step, and refused where it cannot fit. */
final class RunDescription {
    private final RunConfig run;
    private final RunSetup setup;
    private final TrainingRun.Listener listener;
    private final List<String> notes = new ArrayList<>();
    private MemoryPlan plan;

    RunDescription(RunSetup setup, TrainingRun.Listener listener) {
        this.setup = setup;
        this.run = setup.run();
        this.listener = listener;
    }

    void tell() {
        if (run.schedule().warmupSteps() > setup.steps()) {
            throw new RequestException(
                    "schedule.warmup_steps is "
                            + run.schedule().warmupSteps()
                            + ", but the run ends after "
                            + setup.steps()
                            + " steps; use fewer warm-up steps or a longer run");
        }
        for (DataSet d : setup.train()) {
            listener.note(d.describe());
        }
        tellOverlap();
        CausalLM model = setup.model();
        listener.note(
                String.format(
                        Locale.ROOT,
                        "%s: %,d parameters, %,d trained (%.2f %%), on %s",
                        run.model().or(run::modelConfig).orElseThrow(),
                        model.size(),
                        model.trainableSize(),
                        100.0 * model.trainableSize() / model.size(),
                        setup.device().description()));
        plan = MemoryPlan.of(setup.device(), request());
        listener.note("memory: a step takes at most " + plan);
        requireRoom();
        warn();
    }

    RunSetup setup() {
        return setup;
    }

    /** What a step takes, known once it is told. */
    MemoryPlan plan() {
        return plan;
    }

    /** Warnings and remarks, a sentence each. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    private void note(String line) {
        notes.add(line);
        listener.note("note: " + line);
    }

    /** What is learned by heart is no measure of what is learned. */
    private void tellOverlap() {
        if (setup.eval().isEmpty()) {
            return;
        }
        Overlap overlap = Overlap.between(paths(setup.train()), paths(setup.eval()));
        if (!overlap.isEmpty()) {
            List<String> lines = overlap.lines();
            note(lines.getFirst());
            lines.stream().skip(1).limit(3).forEach(l -> listener.note("  " + l));
        }
    }

    private static List<Path> paths(List<DataSet> sets) {
        return sets.stream().map(d -> d.file().path()).toList();
    }

    /** Of the longest row as often as a batch has rows, which no real batch exceeds. */
    private MemoryPlan.Request request() {
        int length = 1;
        int counted = 0;
        for (DataSet d : setup.train()) {
            length = Math.max(length, d.longest());
            counted = Math.max(counted, d.mostCounted());
        }
        boolean packed = run.data().packing();
        int row = packed ? setup.maxLength() : length;
        return new MemoryPlan.Request(
                new ConfigJson("config.json", setup.model().configJson()),
                run.precision(),
                setup.adapter().map(Attached::config),
                run.sequences(),
                row,
                packed ? row : counted,
                run.accumulate(),
                run.gradientCheckpointing(),
                QuantizedModel.of(setup.model()),
                run.method() instanceof Method.Full(Freezing f) ? f : Freezing.NONE);
    }

    /** What is there already, weights above all, is part of the plan and needs no more room. */
    private void requireRoom() {
        OptionalLong free = setup.device().available();
        long needed = plan.peak() - plan.weights();
        if (free.isEmpty() || needed <= free.getAsLong()) {
            return;
        }
        throw new RequestException(
                "memory: a step needs "
                        + Plan.size(needed)
                        + " beside the weights, "
                        + Plan.size(free.getAsLong())
                        + " are free; "
                        + advice(free.getAsLong()));
    }

    private String advice(long free) {
        MemoryPlan.Request r = request();
        List<String> ways = new ArrayList<>();
        if (!r.recompute()) {
            add(ways, "gradient_checkpointing: true", r.withRecompute(), free);
        }
        if (r.precision() == Precision.F32 && r.method().isPresent()) {
            add(ways, "precision: bf16", r.withPrecision(Precision.BF16), free);
            add(ways, "both of these", r.withPrecision(Precision.BF16).withRecompute(), free);
        }
        if (r.sequences() > 1) {
            add(
                    ways,
                    "batch: {sequences: 1, accumulate: " + r.sequences() * r.accumulate() + "}",
                    r.withSequences(1),
                    free);
        }
        return ways.isEmpty()
                ? "use a smaller model, a shorter data.max_length, or method.type: qlora"
                : String.join(", or ", ways);
    }

    private void add(List<String> ways, String what, MemoryPlan.Request r, long free) {
        MemoryPlan plan = MemoryPlan.of(setup.device(), r);
        long needed = plan.peak() - plan.weights();
        if (needed <= free) {
            ways.add(what + " needs " + Plan.size(needed));
        }
    }

    /** What is allowed and yet hardly meant. */
    private void warn() {
        if (run.evaluate().every() > 0 && setup.eval().isEmpty()) {
            note("evaluate.every has no effect without files in data.eval");
        }
        setup.model().config().trainingNotes().forEach(this::note);
        if (setup.model().config().maxPositions() < run.data().maxLength()
                && setup.train().stream().anyMatch(d -> d.cut() > 0)) {
            note(
                    "the model has "
                            + setup.model().config().maxPositions()
                            + " positions; examples are cut to those, not to data.max_length");
        }
        if (run.modelConfig().isPresent() && setup.adapter().isPresent()) {
            note(
                    "the adapter fits these random weights alone, which are not saved; use"
                            + " method.type: full, or a checkpoint as model.path");
        }
    }
}
