package org.lugha.tools.command;

import java.util.Map;
import java.util.Optional;
import org.lugha.models.RequestException;
import org.lugha.models.chat.ChatTemplate;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;

/** The lines of a file of prompts as ids. */
record PromptLines(Optional<Tokenizer> tokenizer, Optional<ChatTemplate> template) {
    int[] ids(ExampleFile.Line line) {
        if (line.value().has("input_ids")) {
            return line.integers("input_ids");
        }
        if (line.value().has("messages")) {
            return chat(line);
        }
        if (!line.value().has("prompt")) {
            throw line.wrong("needs prompt as text, messages or input_ids as a list");
        }
        String prompt = line.text("prompt");
        return tokenizer.orElseThrow(Generate::noTokenizer).encode(prompt).ids();
    }

    /** The conversation in the model's template, up to where its answer begins. */
    private int[] chat(ExampleFile.Line line) {
        if (template.isEmpty()) {
            throw line.wrong(
                    "holds messages, but the model's folder has no chat template"
                            + " (chat_template.jinja, or chat_template in tokenizer_config.json);"
                            + " use prompt");
        }
        JsonNode tools = line.value().get("tools");
        try {
            String text =
                    template.get()
                            .render(
                                    line.value().get("messages"),
                                    true,
                                    tools == null ? Map.of() : Map.of("tools", tools))
                            .text();
            return tokenizer.orElseThrow(Generate::noTokenizer).encode(text, false).ids();
        } catch (RequestException e) {
            throw line.wrong(e.getMessage());
        }
    }
}
