package org.lugha.models.chat;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.lugha.models.RequestException;
import tools.jackson.databind.JsonNode;

/**
 * A chat template: the Jinja text that makes a conversation the prompt that a model was trained on,
 * rendered as transformers' {@code apply_chat_template} does. It sees the conversation, the special
 * tokens and the time, nothing else; one that does not come to an end is stopped.
 */
public final class ChatTemplate {
    private final List<Node.Statement> body;
    private final Map<String, String> specialTokens;

    /** Characters that stand between {@code generation} and {@code endgeneration}. */
    public record Span(int from, int to) {}

    /** A conversation as text, and which parts of it the template says the model makes. */
    public record Rendered(String text, List<Span> generated) {}

    /**
     * Reads a template.
     *
     * @param specialTokens by role, such as {@code bos_token}
     * @throws RequestException saying where, when it cannot be read
     */
    public ChatTemplate(String source, Map<String, String> specialTokens) {
        this.body = shallow(() -> Parser.parse(source));
        this.specialTokens = new TreeMap<>(specialTokens);
    }

    /**
     * A conversation as text.
     *
     * @param messages a list of objects with {@code role} and {@code content}
     * @param addGenerationPrompt whether the text ends where the answer begins
     */
    public Rendered render(JsonNode messages, boolean addGenerationPrompt) {
        return render(messages, addGenerationPrompt, Map.of());
    }

    /** As {@link #render(JsonNode, boolean)} with more variables, such as {@code tools}. */
    public Rendered render(
            JsonNode messages, boolean addGenerationPrompt, Map<String, JsonNode> more) {
        if (!messages.isArray()) {
            throw new RequestException("messages: expected a list, got " + messages.getNodeType());
        }
        Map<String, Object> all = new LinkedHashMap<>(specialTokens);
        all.put("messages", Values.of(messages));
        all.put("add_generation_prompt", addGenerationPrompt);
        all.put("tools", null);
        all.put("documents", null);
        more.forEach((name, value) -> all.put(name, Values.of(value)));
        all.put("raise_exception", (Callable) (p, _) -> refuse(p));
        all.put("strftime_now", (Callable) (p, _) -> now(p));
        return shallow(() -> new Interpreter().render(body, all));
    }

    /** Work whose recursion follows the template and its values. */
    private static <T> T shallow(Supplier<T> work) {
        try {
            return work.get();
        } catch (StackOverflowError e) {
            throw new RequestException(
                    "chat template: nested too deeply; does it build a value inside itself?", e);
        }
    }

    private static Object refuse(List<Object> p) {
        Object why = Methods.at(p, 0);
        throw new RequestException(
                "the chat template refuses the conversation: "
                        + (why instanceof String s
                                ? s.substring(0, Math.min(s.length(), 1000))
                                : Values.kind(why)));
    }

    private static Object now(List<Object> p) {
        String format = Values.string(Methods.at(p, 0));
        if (format.length() > 100) {
            throw Values.wrong("strftime_now: expected a short format, got a long text");
        }
        return TimeFormat.of(format, LocalDateTime.now(ZoneId.systemDefault()));
    }
}
