package org.lugha.models.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lugha.models.chat.ChatTemplate;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.SpecialTokens;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.json.JsonMapper;

/** A tokenizer with tags and turns whose padding is its end token, and lines for it. */
final class TinyText {
    static final int EOS = 0;
    static final Tokenizer TOKENIZER = tokenizer();
    static final DataFile TEXT = file("text");
    static final String CHAT_ML =
            "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n'"
                    + " }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
                    + "{% endif %}";

    private TinyText() {}

    private static Tokenizer tokenizer() {
        var special =
                new SpecialTokens(
                        Optional.of("<e>"),
                        Optional.of("<b>"),
                        Optional.of("<e>"),
                        List.of(
                                "<translate>",
                                "<yor>",
                                "<qa>",
                                "<answer>",
                                "<|im_start|>",
                                "<|im_end|>"));
        BpeTrainer trainer =
                new BpeTrainer(BpeOptions.of(330).withMinFrequency(1).withSpecial(special));
        trainer.add("the tree and the trees, bawo ni ọjọ́ user assistant system");
        return trainer.train();
    }

    static DataFile file(String format) {
        return new DataFile(Path.of("x.jsonl"), "", format, "");
    }

    static DataFile task(String format, String task, String answer) {
        return new DataFile(
                Path.of("x.jsonl"),
                "",
                format,
                "",
                "",
                1,
                1,
                Integer.MAX_VALUE,
                Optional.empty(),
                task,
                answer);
    }

    static LineEncoder encoder(Loss loss, TextRules rules) {
        return encoder(loss, rules, null);
    }

    static LineEncoder encoder(Loss loss, TextRules rules, String template) {
        Encoder encoder = new Encoder(TOKENIZER, EOS, loss == Loss.ALL);
        Optional<ChatTemplate> t =
                Optional.ofNullable(template)
                        .map(s ->
                                new ChatTemplate(
                                        s,
                                        java.util.Map.of("eos_token", "<e>", "bos_token", "<b>")));
        return new LineEncoder(encoder, loss, t, rules);
    }

    static ExampleFile.Line line(String json) {
        return new ExampleFile.Line(JsonMapper.shared().readTree(json), Path.of("x.jsonl"), 7);
    }

    static ExampleFile.Line text(String text) {
        var o = JsonMapper.shared().createObjectNode().put("text", text);
        return new ExampleFile.Line(o, Path.of("x.jsonl"), 7);
    }

    /** What the loss counts, special tokens as their names. */
    static String counted(Example e) {
        int[] ids = new int[e.ids().length];
        int n = 0;
        for (int t = 0; t < ids.length; t++) {
            if (e.labels()[t] != Example.NOT_COUNTED) {
                ids[n++] = e.ids()[t];
            }
        }
        return TOKENIZER.decode(java.util.Arrays.copyOf(ids, n), false);
    }

    static String all(Example e) {
        return TOKENIZER.decode(e.ids(), false);
    }
}
