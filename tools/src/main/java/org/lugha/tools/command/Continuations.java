package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lugha.models.CausalLM;
import org.lugha.models.GenerationOptions;
import org.lugha.models.TextStream;
import org.lugha.models.tokenizer.DecodeStream;
import org.lugha.models.tokenizer.Tokenizer;

/** What a model says after prompts, as the options ask for it. */
record Continuations(CausalLM model, Optional<Tokenizer> tokenizer, DecodingOptions options) {
    /** For text that nobody reads as it is made. */
    static final Consumer<String> SILENT = _ -> {};

    Continuations {
        if (tokenizer.isEmpty() && !options.stops().stops().isEmpty()) {
            throw Generate.noTokenizer();
        }
    }

    /** The new tokens; with a tokenizer their text goes to the sink as it is made. */
    int[] after(int[] prompt, int line, Consumer<String> sink) {
        var o =
                new GenerationOptions(options.maxNewTokens(), options.sampler(line), ends())
                        .withRepetitionPenalty(options.repetitionPenalty());
        if (options.beams() > 1) {
            int[] made = model.search(prompt, o, options.beams(), options.lengthPenalty());
            sink.accept(tokenizer.isPresent() ? text(made) : "");
            return made;
        }
        if (tokenizer.isEmpty() || (sink.equals(SILENT) && options.stops().stops().isEmpty())) {
            return model.generate(List.of(prompt), o).getFirst();
        }
        DecodeStream text = new DecodeStream(tokenizer.get(), true);
        TextStream stream = new TextStream(options.stops(), sink);
        var watched = o.withWatcher((_, made) -> isStopped(made, text, stream));
        int[] made = model.generate(List.of(prompt), watched).getFirst();
        stream.done();
        return made;
    }

    private static boolean isStopped(int[] made, DecodeStream text, TextStream stream) {
        String more = text.add(made[made.length - 1]);
        return stream.at(more, text.open());
    }

    /** Of several prompts in one batch; each as it would come alone. */
    List<int[]> after(List<int[]> prompts, List<Integer> lines) {
        var o =
                new GenerationOptions(options.maxNewTokens(), options.sampler(0), ends())
                        .withRepetitionPenalty(options.repetitionPenalty())
                        .withRowSamplers(lines.stream().map(options::sampler).toList());
        if (!options.stops().stops().isEmpty()) {
            List<DecodeStream> texts = new ArrayList<>();
            List<TextStream> streams = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                texts.add(new DecodeStream(tokenizer.orElseThrow(), true));
                streams.add(new TextStream(options.stops(), SILENT));
            }
            o = o.withWatcher((b, made) -> isStopped(made, texts.get(b), streams.get(b)));
        }
        return model.generate(prompts, o);
    }

    /** The text of new tokens, cut before a stop string. */
    String text(int[] made) {
        return options.stops().cut(tokenizer.orElseThrow().decode(made, true));
    }

    private List<Integer> ends() {
        int eos = ModelOptions.endId(tokenizer, model);
        List<Integer> ends = new ArrayList<>(model.endIds());
        if (eos >= 0 && !ends.contains(eos)) {
            ends.add(eos);
        }
        return ends;
    }
}
