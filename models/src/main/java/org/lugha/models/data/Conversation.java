package org.lugha.models.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lugha.models.RequestException;
import org.lugha.models.chat.ChatTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation as its template writes it, and where in that text the answers are: where the
 * template says it with {@code generation}, there; else an answer is what the text up to it lacks
 * of the text with it. Either way the text is the whole conversation, rendered and tokenised once.
 */
final class Conversation {
    private final ExampleFile.Line line;
    private final ChatTemplate template;
    private final ArrayNode messages;
    private final int asked;
    private final Map<String, JsonNode> more;
    private final ChatTemplate.Rendered whole;

    /** Of {@code messages}, or of the lists {@code prompt} and {@code completion}. */
    Conversation(ExampleFile.Line line, ChatTemplate template, TextRules rules) {
        this.line = line;
        this.template = template;
        this.messages = JsonMapper.shared().createArrayNode();
        if (line.value().has("prompt")) {
            add("prompt", rules);
            asked = messages.size();
            add("completion", rules);
        } else {
            add("messages", rules);
            asked = 0;
        }
        JsonNode tools = line.value().get("tools");
        this.more = tools == null || tools.isNull() ? Map.of() : Map.of("tools", tools);
        this.whole = render(messages.size(), false);
    }

    private void add(String key, TextRules rules) {
        JsonNode list = line.value().get(key);
        if (list == null || !list.isArray() || list.isEmpty()) {
            throw line.wrong("needs \"" + key + "\" as a list of {\"role\", \"content\"}");
        }
        for (int i = 0; i < list.size(); i++) {
            String at = key + "[" + i + "]";
            JsonNode message = list.get(i);
            if (!message.path("role").isString()) {
                throw line.wrong(at + " must have \"role\" as text, got " + message);
            }
            JsonNode content = message.path("content");
            if (content.isMissingNode() && !message.has("tool_calls")) {
                throw line.wrong(at + " must have \"content\", got " + message);
            }
            ObjectNode clean = (ObjectNode) message.deepCopy();
            if (content.isString()) {
                clean.put("content", rules.clean(line, at, content.stringValue()));
            }
            messages.add(clean);
        }
    }

    /** The last answer, all of them, or the whole text. */
    Marked marked(Loss loss) {
        if (loss == Loss.ALL) {
            return marked(List.of()).everything();
        }
        int last = messages.size() - 1;
        while (last >= 0 && !isAnswer(last)) {
            last--;
        }
        return marked(answers(loss == Loss.ASSISTANT ? 0 : Math.max(0, last)));
    }

    /** The answers of the completion, or all of them. */
    Marked completion(Loss loss) {
        return loss == Loss.COMPLETION ? marked(answers(asked)) : marked(loss);
    }

    private Marked marked(List<Marked.Range> ranges) {
        return new Marked(whole.text(), ranges, true);
    }

    private boolean isAnswer(int i) {
        return messages.get(i).path("role").stringValue("").equals("assistant");
    }

    private List<Marked.Range> answers(int from) {
        List<Marked.Range> ranges = new ArrayList<>();
        if (!whole.generated().isEmpty()) {
            int begin = from == 0 ? 0 : begin(from);
            for (ChatTemplate.Span s : whole.generated()) {
                if (s.to() > begin) {
                    ranges.add(new Marked.Range(s.from(), s.to()));
                }
            }
            return ranges;
        }
        for (int i = from; i < messages.size(); i++) {
            if (isAnswer(i)) {
                ranges.add(new Marked.Range(begin(i), end(i)));
            }
        }
        return ranges;
    }

    /** Where the answer {@code i} begins: behind all that is before it, ready for an answer. */
    private int begin(int i) {
        return prefix(render(i, isAnswer(i)).text(), i);
    }

    private int end(int i) {
        return i == messages.size() - 1
                ? whole.text().length()
                : prefix(render(i + 1, false).text(), i);
    }

    private int prefix(String text, int i) {
        if (!whole.text().startsWith(text)) {
            throw line.wrong(
                    "the chat template writes what comes before or with messages["
                            + i
                            + "] in another way when more follows, so its answer cannot be found;"
                            + " mark answers in the template with {% generation %}, or set loss:"
                            + " completion or all");
        }
        return text.length();
    }

    private ChatTemplate.Rendered render(int to, boolean prompt) {
        ArrayNode first = JsonMapper.shared().createArrayNode();
        for (int i = 0; i < to; i++) {
            first.add(messages.get(i));
        }
        try {
            return template.render(first, prompt, more);
        } catch (RequestException e) {
            throw line.wrong(e.getMessage());
        }
    }
}
