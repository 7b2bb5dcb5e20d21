package org.lugha.models.peft;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.runtime.Philox;
import tools.jackson.databind.node.ObjectNode;

/** Where a learned prompt's first values come from: {@code prompt_tuning_init}. */
public sealed interface PromptStart {
    /** Normal numbers with deviation 1. */
    record Random() implements PromptStart {}

    /** Embeddings of tokens drawn from the vocabulary. */
    record Vocabulary() implements PromptStart {}

    /**
     * Embeddings of a text's tokens, from the beginning again until there are enough.
     *
     * @param tokenizer where its tokenizer is: a folder, needed for a fresh prompt alone
     */
    record Text(String text, String tokenizer) implements PromptStart {}

    /** The tokens whose embeddings are taken; none where numbers are random. */
    default int[] ids(CausalLM model, int count, long seed) {
        int vocabulary = model.vocabularySize();
        return switch (this) {
            case Random _ -> new int[0];
            case Vocabulary _ ->
                    IntStream.range(0, count)
                            .map(i -> (int) (Philox.uniform(seed, i) * vocabulary))
                            .toArray();
            case Text(String text, String tokenizer) -> {
                int[] ids = Tokenizer.load(Path.of(tokenizer)).encode(text).ids();
                if (ids.length == 0) {
                    throw new RequestException(
                            "prompt tuning: the text of the first values has no tokens; give one"
                                    + " that has");
                }
                yield IntStream.range(0, count).map(i -> ids[i % ids.length]).toArray();
            }
        };
    }

    static PromptStart read(ConfigJson j) {
        String init = j.text("prompt_tuning_init", "RANDOM");
        return switch (init) {
            case "RANDOM" -> new Random();
            case "SAMPLE_VOCAB" -> new Vocabulary();
            case "TEXT" ->
                    new Text(
                            j.text("prompt_tuning_init_text", ""),
                            j.text("tokenizer_name_or_path", ""));
            default ->
                    throw j.fail("prompt_tuning_init", "one of RANDOM, SAMPLE_VOCAB, TEXT", init);
        };
    }

    default void write(ObjectNode j) {
        switch (this) {
            case Random _ -> j.put("prompt_tuning_init", "RANDOM");
            case Vocabulary _ -> j.put("prompt_tuning_init", "SAMPLE_VOCAB");
            case Text(String text, String tokenizer) -> {
                j.put("prompt_tuning_init", "TEXT");
                j.put("prompt_tuning_init_text", text);
                j.put("tokenizer_name_or_path", tokenizer);
            }
        }
    }
}
