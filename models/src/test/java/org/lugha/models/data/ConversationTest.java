package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lugha.models.data.TinyText.CHAT_ML;
import static org.lugha.models.data.TinyText.counted;
import static org.lugha.models.data.TinyText.encoder;
import static org.lugha.models.data.TinyText.file;
import static org.lugha.models.data.TinyText.line;

import org.junit.jupiter.api.Test;
import org.lugha.models.RequestException;

/** Which turns of a conversation count, up to their end token. */
class ConversationTest {
    private static final String MESSAGES =
            """
            {"messages":[{"role":"system","content":"the"},{"role":"user","content":"tree"},
             {"role":"assistant","content":"ọjọ́ ni"},{"role":"user","content":"and"},
             {"role":"assistant","content":"bawo"}]}
            """;
    private static final String GENERATION =
            "{% for m in messages %}[{{ m.role }}]\n{% if m.role == 'assistant' %}{% generation %}"
                    + "{{ m.content }}{% endgeneration %}{{ eos_token }}{% else %}{{ m.content }}"
                    + "{% endif %}{% endfor %}{% if add_generation_prompt %}[assistant]\n{% endif %}";

    private static Example example(Loss loss, String template, String json) {
        return encoder(loss, TextRules.standard(), template).example(line(json), file("chat"));
    }

    private static String refusal(Loss loss, String template, String json) {
        return assertThrows(RequestException.class, () -> example(loss, template, json))
                .getMessage();
    }

    @Test
    void everyAnswerCountsWithItsEnd() {
        assertEquals(
                "ọjọ́ ni<|im_end|>bawo<|im_end|>",
                counted(example(Loss.ASSISTANT, CHAT_ML, MESSAGES)));
    }

    @Test
    void completionIsTheLastAnswerAndAllIsAll() {
        assertEquals("bawo<|im_end|>", counted(example(Loss.COMPLETION, CHAT_ML, MESSAGES)));
        Example all = example(Loss.ALL, CHAT_ML, MESSAGES);
        assertArrayEquals(all.ids(), all.labels());
    }

    @Test
    void theTemplateMaySayWhatIsGenerated() {
        assertEquals(
                "ọjọ́ ni<e>bawo<e>",
                counted(example(Loss.ASSISTANT, GENERATION, MESSAGES)),
                "the end token behind an answer counts, though it pads too");
        assertEquals("bawo<e>", counted(example(Loss.COMPLETION, GENERATION, MESSAGES)));
    }

    @Test
    void aTurnAfterTheLastAnswerDoesNotCount() {
        String more = MESSAGES.strip().replace("]}", ",{\"role\":\"user\",\"content\":\"s\"}]}");
        for (Loss loss : new Loss[] {Loss.COMPLETION, Loss.ASSISTANT}) {
            assertTrue(counted(example(loss, CHAT_ML, more)).endsWith("bawo<|im_end|>"));
        }
        String none = "{\"messages\":[{\"role\":\"user\",\"content\":\"s\"}]}";
        assertEquals(0, example(Loss.ASSISTANT, CHAT_ML, none).counted());
    }

    @Test
    void promptsAndCompletionsMayBeMessages() {
        String json =
                MESSAGES.replace("\"messages\"", "\"prompt\"")
                        .replace("\"and\"},", "\"and\"}],\"completion\":[");
        DataFile file = file("completion");
        LineEncoder encoder = encoder(Loss.COMPLETION, TextRules.standard(), CHAT_ML);
        assertEquals("bawo<|im_end|>", counted(encoder.example(line(json), file)));
        encoder = encoder(Loss.ASSISTANT, TextRules.standard(), CHAT_ML);
        assertEquals("ọjọ́ ni<|im_end|>bawo<|im_end|>", counted(encoder.example(line(json), file)));
    }

    @Test
    void aTemplateThatRewritesWhatWasStillHasItsAnswersFound() {
        String thoughts =
                "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if loop.last and m.role =="
                        + " 'assistant' %}<think></think>{% endif %}{{ m.content }}<|im_end|>\n"
                        + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
        assertEquals(
                "ọjọ́ ni<|im_end|><think></think>bawo<|im_end|>",
                counted(example(Loss.ASSISTANT, thoughts, MESSAGES)));
        assertEquals(
                "<think></think>bawo<|im_end|>",
                counted(example(Loss.COMPLETION, thoughts, MESSAGES)));
        String prompt =
                thoughts.replace("assistant\n{% endif %}", "assistant\n<think>\n{% endif %}");
        assertEquals(
                "ọjọ́ ni<|im_end|>bawo<|im_end|>",
                counted(example(Loss.ASSISTANT, prompt.replace("<think></think>", ""), MESSAGES)));
    }

    @Test
    void aTemplateThatLosesAnswersIsRefused() {
        String last =
                "{% for m in messages %}{{ m.role }}:{% if loop.last %}{{ m.content }}{% endif %}"
                        + "<e>{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
        String message = refusal(Loss.ASSISTANT, last, MESSAGES);
        assertTrue(message.contains("x.jsonl:7") && message.contains("messages[2]"), message);
        String none = "{% for m in messages %}{{ m.role }}<e>{% endfor %}";
        assertTrue(refusal(Loss.ASSISTANT, none, MESSAGES).contains("messages[2]"));
    }

    @Test
    void whatCannotBeRenderedNamesItsLine() {
        assertTrue(refusal(Loss.ASSISTANT, null, MESSAGES).contains("data.chat_template"));
        assertTrue(
                refusal(Loss.ALL, "{{ raise_exception('no system') }}", MESSAGES)
                        .contains("x.jsonl:7: the chat template refuses"));
        assertTrue(
                refusal(Loss.ALL, CHAT_ML, "{\"messages\":[{\"content\":\"x\"}]}")
                        .contains("messages[0] must have \"role\""));
        assertTrue(
                refusal(
                                Loss.ALL,
                                CHAT_ML,
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"\\u0001\"}]}")
                        .contains("U+0001"));
    }
}
