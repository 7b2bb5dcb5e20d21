package org.lugha.models.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lugha.models.RequestException;
import org.lugha.models.chat.ChatTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation as its template writes it, and where in that text the answers are: where the
 * template says it with {@code generation}, there; else an answer is what the text up to it lacks
 * of the text with it; and with a template that writes earlier turns in another way when more
 * follows, it is what changes in the whole when the answer does. Either way the text is the whole
 * conversation, rendered and tokenised once.
 */
final class Conversation {
    /** As much of an answer as must be found again: a template may leave out its thoughts. */
    private static final int TAIL = 20;

    private static final String BEGIN = "\uE000";
    private static final String END = "\uE001";

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
        this.whole = render(messages, false);
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
            int last = messages.size() - 1;
            while (last > 0 && !isAnswer(last)) {
                last--;
            }
            require(last, ranges);
            return ranges;
        }
        for (int i = from; i < messages.size(); i++) {
            if (isAnswer(i)) {
                ranges.add(answer(i));
            }
        }
        return ranges;
    }

    /** Where what is before message {@code i} ends, as far as the whole says. */
    private int begin(int i) {
        Optional<String> before = tried(i, isAnswer(i));
        return before.isPresent() ? before.get().length() : isAnswer(i) ? content(i).from() : 0;
    }

    /** What the text with the answer has more than the one before it, ready for the answer. */
    private Marked.Range answer(int i) {
        Optional<String> before = tried(i, true);
        Optional<String> with =
                i == messages.size() - 1 ? Optional.of(whole.text()) : tried(i + 1, false);
        if (before.isEmpty() || with.isEmpty() || with.get().length() < before.get().length()) {
            return content(i);
        }
        Marked.Range range = new Marked.Range(before.get().length(), with.get().length());
        require(i, List.of(range));
        return range;
    }

    /** Refuses ranges that do not hold the end of an answer's text. */
    private void require(int i, List<Marked.Range> ranges) {
        String text = messages.get(i).path("content").stringValue("").strip();
        String tail = text.substring(Math.max(0, text.length() - TAIL));
        String held =
                ranges.stream()
                        .map(r -> whole.text().substring(r.from(), r.to()))
                        .collect(Collectors.joining());
        if (isAnswer(i) && !held.contains(tail)) {
            throw line.wrong(
                    "the chat template does not write the text of messages["
                            + i
                            + "]; does it want \"content\" as a list of parts?");
        }
    }

    /** The text of the first messages if the whole begins with it. */
    private Optional<String> tried(int to, boolean prompt) {
        try {
            String text = template.render(first(to), prompt, more).text();
            return Optional.of(text).filter(whole.text()::startsWith);
        } catch (RequestException _) {
            return Optional.empty(); // some refuse a conversation that ends so
        }
    }

    /** What of the whole is an answer's own text: what changes when that text is put in marks. */
    private Marked.Range content(int i) {
        JsonNode content = messages.get(i).path("content");
        if (content.isString()) {
            ArrayNode marked = messages.deepCopy();
            ((ObjectNode) marked.get(i)).put("content", BEGIN + content.stringValue() + END);
            String other = render(marked, false).text();
            String text = whole.text();
            int most = Math.min(text.length(), other.length());
            int from = 0;
            while (from < most && text.charAt(from) == other.charAt(from)) {
                from++;
            }
            int to = text.length();
            int ahead = other.length() - to;
            while (to > from
                    && to + ahead > from
                    && text.charAt(to - 1) == other.charAt(to - 1 + ahead)) {
                to--;
            }
            String found = text.substring(from, to).strip();
            if (content.stringValue().contains(found)
                    && (!found.isEmpty() || content.stringValue().isBlank())) {
                return new Marked.Range(from, to);
            }
        }
        throw line.wrong(
                "the chat template writes messages["
                        + i
                        + "] in a way in which its answer cannot be found; mark answers in the"
                        + " template with {% generation %}, or set loss: all");
    }

    private ArrayNode first(int to) {
        ArrayNode first = JsonMapper.shared().createArrayNode();
        for (int i = 0; i < to; i++) {
            first.add(messages.get(i));
        }
        return first;
    }

    private ChatTemplate.Rendered render(ArrayNode conversation, boolean prompt) {
        try {
            return template.render(conversation, prompt, more);
        } catch (RequestException e) {
            throw line.wrong(e.getMessage());
        }
    }
}
