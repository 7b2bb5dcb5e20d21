package org.lugha.tools.demo;

import java.util.ArrayList;
import java.util.List;
import org.lugha.models.CausalLM;
import org.lugha.models.Sampler;
import org.lugha.models.data.Encoder;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.tools.demo.swahili.Pair;

/** English to Swahili with the prompt that the model was adapted on. */
record Translator(CausalLM model, Tokenizer tokenizer) {
    private static final int BATCH = 40;
    private static final int MAX_NEW_TOKENS = 40;

    /** One Swahili line a pair. */
    List<String> translate(List<Pair> pairs) {
        List<String> out = new ArrayList<>();
        List<Integer> end = List.of(tokenizer.eosId().orElseThrow());
        for (int from = 0; from < pairs.size(); from += BATCH) {
            List<int[]> prompts =
                    pairs.subList(from, Math.min(from + BATCH, pairs.size())).stream()
                            .map(p -> tokenizer.encode(prompt(p.english())).ids())
                            .toList();
            for (int[] made : model.generate(prompts, MAX_NEW_TOKENS, Sampler.greedy(), end)) {
                out.add(tokenizer.decode(made, true).strip());
            }
        }
        return out;
    }

    static String prompt(String english) {
        return Encoder.translationPrompt("eng", english, "swa");
    }
}
