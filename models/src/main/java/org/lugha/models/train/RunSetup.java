package org.lugha.models.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lugha.models.Access;
import org.lugha.models.CausalLM;
import org.lugha.models.Quantization;
import org.lugha.models.QuantizedModel;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.peft.Attached;
import org.lugha.models.settings.Method;
import org.lugha.models.settings.RunConfig;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;

/**
 * Everything a run needs, opened and checked before its first step: model, method, data.
 *
 * @param tokenizer empty when the data holds ids
 * @param lines makes examples of lines of data
 * @param adapter empty for full training
 */
record RunSetup(
        RunConfig run,
        Device device,
        CausalLM model,
        Optional<Tokenizer> tokenizer,
        LineEncoder lines,
        Optional<Attached> adapter,
        List<DataSet> train,
        List<DataSet> eval)
        implements AutoCloseable {
    static RunSetup open(RunConfig run) {
        Device device = run.device().equals("auto") ? Devices.best() : Devices.get(run.device());
        boolean full = run.method() instanceof Method.Full;
        Optional<Tokenizer> tokenizer = tokenizer(run);
        CausalLM model = model(run, device, full);
        List<DataSet> sets = new ArrayList<>();
        try {
            LineEncoder encoder = encoder(run, model, tokenizer);
            List<DataSet> train = read(run, run.data().train(), encoder, model, sets);
            List<DataSet> eval = read(run, run.data().eval(), encoder, model, sets);
            Optional<Attached> adapter = MethodSetup.attach(run.method(), model, run.seed());
            return new RunSetup(run, device, model, tokenizer, encoder, adapter, train, eval);
        } catch (RuntimeException | Error e) {
            sets.forEach(DataSet::close);
            model.close();
            throw e;
        }
    }

    /** The longest a row may be. */
    int maxLength() {
        return Math.min(run.data().maxLength(), model.config().maxPositions());
    }

    /** All training examples in the run's order, from the first. */
    ExampleStream stream() {
        var d = run.data();
        ExampleStream all =
                ExampleStream.of(train, d.samplingTemperature(), d.shuffle(), run.seed());
        return d.packing() ? all.packed(maxLength()) : all;
    }

    /** Optimizer steps of the whole run. */
    int steps() {
        return run.steps() > 0
                ? run.steps()
                : stream().steps(run.epochs(), run.sequences(), run.accumulate());
    }

    @Override
    public void close() {
        train.forEach(DataSet::close);
        eval.forEach(DataSet::close);
        model.close();
    }

    private static CausalLM model(RunConfig run, Device device, boolean full) {
        Optional<Quantization> few =
                run.method() instanceof Method.Peft p ? p.quantization() : Optional.empty();
        DType dtype = run.precision().weights();
        if (run.modelConfig().isPresent()) {
            CausalLM model = CausalLM.declare(run.modelConfig().get());
            try {
                if (few.isPresent()) {
                    QuantizedModel.initialize(model, device, dtype, run.seed(), few.get());
                } else {
                    model.initialize(device, dtype, run.seed());
                }
            } catch (RuntimeException | Error e) {
                model.close();
                throw e;
            }
            return model;
        }
        Path folder = run.model().orElseThrow();
        if (few.isPresent()) {
            return CausalLM.load(folder, device, dtype, few.get());
        }
        return CausalLM.load(folder, device, dtype, full ? Access.TRAINED : Access.FROZEN);
    }

    private static Optional<Tokenizer> tokenizer(RunConfig run) {
        List<DataFile> all = new ArrayList<>(run.data().train());
        all.addAll(run.data().eval());
        if (all.stream().allMatch(f -> f.format().equals("ids"))) {
            // The model's folder may lack one; what was asked for by name may not.
            boolean named = !run.tokenizer().equals(run.model());
            return run.tokenizer()
                    .filter(p -> named || Files.exists(p.resolve("tokenizer.json")))
                    .map(Tokenizer::load);
        }
        return Optional.of(
                Tokenizer.load(
                        run.tokenizer()
                                .orElseThrow(() ->
                                        new RequestException(
                                                "tokenizer.path is missing; text data needs"
                                                        + " one, only format: ids does"
                                                        + " without"))));
    }

    private static LineEncoder encoder(
            RunConfig run, CausalLM model, Optional<Tokenizer> tokenizer) {
        int eos = tokenizer.isPresent() ? tokenizer.get().eosId().orElse(-1) : -1;
        if (eos < 0 && !model.config().endIds().isEmpty()) {
            eos = model.config().endIds().getFirst();
        }
        return RunText.encoder(run, tokenizer, eos);
    }

    /** Every set goes to {@code opened} as soon as it is there. */
    private static List<DataSet> read(
            RunConfig run,
            List<DataFile> files,
            LineEncoder encoder,
            CausalLM model,
            List<DataSet> opened) {
        int length = Math.min(run.data().maxLength(), model.config().maxPositions());
        int from = opened.size();
        for (DataFile f : files) {
            opened.add(DataSet.read(f, encoder, length, model.vocabularySize()));
        }
        return List.copyOf(opened.subList(from, opened.size()));
    }
}
