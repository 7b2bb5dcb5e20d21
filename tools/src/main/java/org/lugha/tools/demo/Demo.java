package org.lugha.tools.demo;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.lugha.autograd.Saved;
import org.lugha.models.Access;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.train.Metrics;
import org.lugha.models.train.TrainingLoop;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.tools.Progress;
import org.lugha.tools.demo.swahili.Pair;
import org.lugha.tools.demo.swahili.PhraseGrammar;
import org.lugha.tools.demo.swahili.Split;

/**
 * The main job on embedded data: trains a tokenizer on English and Swahili text, pre-trains a small
 * decoder on both, adapts it to translate with LoRA and a loss that counts the Swahili side alone,
 * and measures it on sentences whose words it never saw together. Then it loads back what it wrote.
 */
public final class Demo {
    private final DemoPlan plan;
    private final Device device;
    private final PrintWriter out;
    private final BooleanSupplier stop;
    private final long start = System.nanoTime();

    /** What the caller may want to check. */
    public record Outcome(double chrfBefore, double chrfAfter, boolean identicalAfterReload) {}

    /**
     * Does nothing yet.
     *
     * @param stop asked after every step; true ends the demo with a {@link CancellationException}
     */
    public Demo(boolean quick, Device device, PrintWriter out, BooleanSupplier stop) {
        this.plan = quick ? DemoPlan.quick() : DemoPlan.full();
        this.device = device;
        this.out = out;
        this.stop = stop;
    }

    /** Runs everything; {@code folder} appears when all of it is written. */
    public Outcome run(Path folder) {
        refuseForeign(folder);
        try (Staged staged = Staged.replacing(folder)) {
            Outcome outcome = work(staged.path(), folder);
            staged.commit();
            out.printf("%nwrote %s: base, adapter, tokenizer, data, report.html%n", folder);
            return outcome;
        }
    }

    private Outcome work(Path to, Path shownAs) {
        say("making up sentences");
        Split data = PhraseGrammar.split(plan.pairs(), plan.heldOut(), DemoPlan.SEED);
        List<String> english = PhraseGrammar.english(plan.sentences(), DemoPlan.SEED);
        List<String> swahili = PhraseGrammar.swahili(plan.sentences(), DemoPlan.SEED);
        DemoFiles.writeData(to.resolve("data"), data, english, swahili);

        say("training a tokenizer");
        Tokenizer tokenizer = tokenizer(Stream.concat(english.stream(), swahili.stream()));
        tokenizer.save(to.resolve("tokenizer"));

        Path base = to.resolve("base");
        Curve pretraining = pretrain(tokenizer, english, swahili, base);
        return adapt(tokenizer, data, base, pretraining, to, shownAs);
    }

    private Tokenizer tokenizer(Stream<String> text) {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.of(plan.vocabulary()));
        trainer.addAll(text);
        return trainer.train();
    }

    private Curve pretrain(
            Tokenizer tokenizer, List<String> english, List<String> swahili, Path base) {
        Encoder encoder = new Encoder(tokenizer, tokenizer.eosId().orElseThrow(), true);
        List<Example> examples = new ArrayList<>();
        english.forEach(s -> examples.add(encoder.text(s, "eng")));
        swahili.forEach(s -> examples.add(encoder.text(s, "swa")));
        Path config = DemoFiles.writeConfig(base, plan, tokenizer);
        try (CausalLM model = CausalLM.declare(config)) {
            model.initialize(device, DType.F32, DemoPlan.SEED);
            Curve curve =
                    train(
                            "pre-training",
                            model,
                            examples,
                            2 * DemoPlan.SEQUENCES,
                            plan.baseSteps(),
                            DemoPlan.BASE_LR);
            model.writeInto(base);
            tokenizer.save(base);
            return curve;
        }
    }

    private Outcome adapt(
            Tokenizer tokenizer, Split data, Path base, Curve pretraining, Path to, Path shownAs) {
        Encoder encoder = new Encoder(tokenizer, tokenizer.eosId().orElseThrow(), false);
        List<Example> examples =
                data.train().stream()
                        .map(p ->
                                encoder.completion(
                                        Translator.prompt(p.english()), " " + p.swahili(), "swa"))
                        .toList();
        List<Pair> heldOut = data.heldOut();
        List<String> references = heldOut.stream().map(Pair::swahili).toList();
        try (CausalLM model = CausalLM.load(base, device, DType.F32, Access.FROZEN)) {
            say("translating " + heldOut.size() + " held-out sentences with the base model");
            List<String> before = new Translator(model, tokenizer).translate(heldOut);
            Lora lora =
                    new Lora(DemoPlan.RANK, 2.0 * DemoPlan.RANK, LoraTargets.allLinear())
                            .withModulesToSave(List.of("embed_tokens"), true);
            Attached adapted = lora.attachTo(model, DemoPlan.SEED);
            Curve adaptation =
                    train(
                            "adapting",
                            model,
                            examples,
                            DemoPlan.SEQUENCES,
                            plan.adapterSteps(),
                            DemoPlan.ADAPTER_LR);
            say("translating them again");
            List<String> after = new Translator(model, tokenizer).translate(heldOut);
            Path adapter = to.resolve("adapter");
            PeftFiles.save(adapted, adapter, shownAs.resolve("base").toString());
            tokenizer.save(adapter);

            DemoReport report =
                    new DemoReport(
                            data,
                            before,
                            after,
                            Quality.of(before, references),
                            Quality.of(after, references),
                            pretraining,
                            adaptation,
                            model.size(),
                            model.trainableSize(),
                            device.description());
            boolean identical = after.equals(reloaded(base, adapter, heldOut));
            Staged.write(to.resolve("report.html"), report.page(identical));
            report.print(out, identical, (System.nanoTime() - start) * 1e-9);
            return new Outcome(report.before().chrf(), report.after().chrf(), identical);
        }
    }

    private List<String> reloaded(Path base, Path adapter, List<Pair> heldOut) {
        say("loading base, adapter and tokenizer from their files");
        try (CausalLM model = CausalLM.load(base, device, DType.F32)) {
            PeftFiles.loadInto(model, adapter);
            return new Translator(model, Tokenizer.load(adapter)).translate(heldOut);
        }
    }

    private Curve train(
            String name, CausalLM model, List<Example> examples, int rows, int steps, double lr) {
        say(
                String.format(
                        Locale.ROOT,
                        "%s: %,d of %,d parameters, %d steps",
                        name,
                        model.trainableSize(),
                        model.size(),
                        steps));
        List<Metrics.Step> done = new ArrayList<>();
        ExampleStream stream = new ExampleStream(examples, 1, true, DemoPlan.SEED);
        var settings = new TrainingLoop.Settings(rows, 1, lr, 1, DemoPlan.SEED, Saved.EXACT);
        try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.98, 1e-8, 0.01, false);
                Progress progress = new Progress(name, steps)) {
            var schedule = new Schedule.Cosine(Math.min(40, steps / 10), steps, 0.05);
            TrainingLoop loop = new TrainingLoop(model, stream, adam, schedule, settings);
            for (int i = 0; i < steps; i++) {
                if (stop.getAsBoolean()) {
                    throw new CancellationException(name + " was interrupted");
                }
                Metrics.Step s = loop.step();
                done.add(s);
                progress.at(
                        s.step(),
                        String.format(
                                Locale.ROOT,
                                "loss %.3f  %.0f tokens/s",
                                s.loss(),
                                s.tokensPerSecond()));
            }
        }
        return new Curve(name, done);
    }

    private void say(String what) {
        System.err.printf(Locale.ROOT, "[%5.1f s] %s%n", (System.nanoTime() - start) * 1e-9, what);
    }

    private static void refuseForeign(Path folder) {
        if (Files.exists(folder) && !DemoFiles.areAll(folder)) {
            throw new RequestException(
                    folder + " exists and is not a demo's folder; choose another with --out");
        }
    }
}
