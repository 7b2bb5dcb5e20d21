package org.lugha.models.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.lugha.models.RequestException;
import org.lugha.models.chat.ChatTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Makes examples of the lines of a data file. The formats:
 *
 * <ul>
 *   <li>{@code text}: {@code text}; all counts, but for prompts that tags mark
 *   <li>{@code completion}: {@code prompt} and {@code completion}, as texts or as lists of messages
 *   <li>{@code chat}: {@code messages}, as the chat template writes them
 *   <li>{@code translation}: {@code src}, {@code tgt} and their languages, as the prompt {@code
 *       "eng: Hello\\nswa:"} and the completion {@code " Habari"}, or in tags
 *   <li>{@code segments}: texts behind one another, each of which says whether it counts
 *   <li>{@code ids}: {@code input_ids}, {@code labels}, {@code attention_mask}
 * </ul>
 *
 * Safe for use by many threads.
 */
public final class LineEncoder {
    private final Encoder encoder;
    private final Loss loss;
    private final Optional<ChatTemplate> template;
    private final TextRules rules;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /**
     * Examples as a run wants them.
     *
     * @param encoder without a tokenizer only ids can be read
     * @param loss what counts where the file does not say it
     * @param template of conversations
     */
    public LineEncoder(
            Encoder encoder, Loss loss, Optional<ChatTemplate> template, TextRules rules) {
        this.encoder = encoder;
        this.loss = loss;
        this.template = template;
        this.rules = rules;
        for (String tag : rules.tags().all()) {
            requireTag(tag, what -> new RequestException("data.tags: " + what));
        }
    }

    /** No conversations; the encoder says whether everything counts. */
    public static LineEncoder of(Encoder encoder) {
        Loss loss = encoder.everything() ? Loss.ALL : Loss.COMPLETION;
        return new LineEncoder(encoder, loss, Optional.empty(), TextRules.standard());
    }

    /** What makes tokens of texts. */
    public Encoder encoder() {
        return encoder;
    }

    /** What is done to every text. */
    public TextRules rules() {
        return rules;
    }

    /** The tokens of a line, however many. */
    public Example example(ExampleFile.Line line, DataFile file) {
        if (file.format().equals("ids")) {
            return Encoder.ids(line, file.language());
        }
        if (encoder.tokenizer() == null) {
            throw line.wrong("is text, and there is no tokenizer for it");
        }
        return encoder.encode(marked(line, file), language(line, file));
    }

    /**
     * What training sees of a line: its tokens if they are at most so many, else the first of them,
     * or all of them in several examples. One in which nothing counts is left out there.
     */
    public List<Example> examples(ExampleFile.Line line, DataFile file, int maxLength) {
        Example whole = example(line, file);
        return splits(file) ? whole.split(maxLength) : List.of(whole.cut(maxLength));
    }

    /** Whether a line that is too long becomes several examples. */
    boolean splits(DataFile file) {
        return file.format().equals("text") && rules.splitLong();
    }

    private static String language(ExampleFile.Line line, DataFile file) {
        return file.language().isEmpty() && file.format().equals("translation")
                ? line.text("tgt_lang")
                : file.language();
    }

    /** The text of a line in any format but {@code ids}, and what of it counts. */
    public Marked marked(ExampleFile.Line line, DataFile file) {
        Loss rule = file.loss().orElse(loss);
        Marked m =
                switch (file.format()) {
                    case "text" -> text(line);
                    case "completion" -> completion(line, file, rule);
                    case "chat" -> chat(line).marked(rule);
                    case "translation" -> translation(line, file);
                    case "segments" -> segments(line);
                    default -> throw line.wrong("format '" + file.format() + "' is not supported");
                };
        boolean all =
                rule == Loss.ALL && !file.format().equals("segments") && file.task().isEmpty();
        return all && !file.format().equals("text") ? m.everything() : m;
    }

    private Marked text(ExampleFile.Line line) {
        String text = rules.text(line, "text");
        return rules.tags().isEmpty() ? Marked.all(text) : rules.tags().mark(line, text);
    }

    private Marked completion(ExampleFile.Line line, DataFile file, Loss rule) {
        JsonNode prompt = line.value().get("prompt");
        if (prompt != null && prompt.isArray()) {
            return chat(line).completion(rule);
        }
        encoder.requireEnd();
        String asked = rules.text(line, "prompt");
        String answer = rules.text(line, "completion");
        if (file.task().isEmpty()) {
            return Marked.after(asked, answer);
        }
        return tagged(line, file.task(), asked, file.answer(), answer);
    }

    private Marked translation(ExampleFile.Line line, DataFile file) {
        encoder.requireEnd();
        boolean tags = !file.task().isEmpty();
        String source = tags ? "" : rules.text(line, "src_lang");
        String target = rules.text(line, "tgt_lang");
        String text = rules.text(line, "src");
        String answer = rules.text(line, "tgt");
        if (tags) {
            String action = file.answer().isEmpty() ? target : file.answer();
            return tagged(line, file.task(), text, action, answer);
        }
        return Marked.after(Encoder.translationPrompt(source, text, target), " " + answer);
    }

    private Marked tagged(
            ExampleFile.Line line, String task, String asked, String action, String answer) {
        requireTag(Tags.token(task), line::wrong);
        requireTag(Tags.token(action), line::wrong);
        return Marked.after(Tags.prompt(task, asked, action), " " + answer);
    }

    private void requireTag(String tag, Function<String, RequestException> wrong) {
        if (!known.contains(tag)) {
            Tags.require(encoder.tokenizer(), tag, wrong);
            known.add(tag);
        }
    }

    private Conversation chat(ExampleFile.Line line) {
        if (template.isEmpty()) {
            throw line.wrong(
                    "holds a conversation, but the tokenizer's folder has no chat template"
                            + " (chat_template.jinja, or chat_template in tokenizer_config.json);"
                            + " set data.chat_template: to a .jinja file or to chatml");
        }
        return new Conversation(line, template.get(), rules);
    }

    private Marked segments(ExampleFile.Line line) {
        JsonNode list = line.value().get("segments");
        if (list == null || !list.isArray() || list.isEmpty()) {
            throw line.wrong("needs \"segments\" as a list of {\"text\", \"train\"}");
        }
        StringBuilder text = new StringBuilder();
        List<Marked.Range> counted = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode segment = list.get(i);
            String key = "segments[" + i + "]";
            if (!segment.path("text").isString() || !segment.path("train").isBoolean()) {
                throw line.wrong(
                        key
                                + " must have \"text\" as text and \"train\" as true or false, got "
                                + segment);
            }
            int from = text.length();
            text.append(rules.clean(line, key, segment.path("text").stringValue()));
            if (segment.path("train").booleanValue()) {
                counted.add(new Marked.Range(from, text.length()));
            }
        }
        return new Marked(text.toString(), counted, false);
    }
}
