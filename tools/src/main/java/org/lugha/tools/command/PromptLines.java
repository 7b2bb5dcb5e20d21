package org.lugha.tools.command;

import java.util.Optional;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.train.ExampleFile;

/** The lines of a file of prompts as ids. */
record PromptLines(Optional<Tokenizer> tokenizer, ModelOptions model) {
    int[] ids(ExampleFile.Line line) {
        if (line.value().has("input_ids")) {
            return line.integers("input_ids");
        }
        if (line.value().has("messages")) {
            throw line.wrong("\"messages\" is not supported in this version; use prompt");
        }
        if (!line.value().has("prompt")) {
            throw line.wrong("needs prompt as text or input_ids as a list");
        }
        String prompt = line.text("prompt");
        return tokenizer.orElseThrow(Generate::noTokenizer).encode(prompt).ids();
    }
}
