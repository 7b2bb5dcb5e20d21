package org.lugha.models.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lugha.models.RequestException;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * Special tokens that mark prompts inside a document, as SabiYarn's pre-training has them: {@code
 * <translate> Hello <yor> Bawo}. What stands from a tag that opens a task to the tag that closes
 * its prompt, both included, does not count; what follows does, and a document without tags counts
 * in full. The mask belongs to the document: no window can cut it into its opposite.
 */
public final class Tags {
    /** No tags. */
    public static final Tags NONE = new Tags(List.of(), List.of());

    private static final String CLOSE =
            "; close each with a tag of data.tags.answers before its answer";

    private final Set<String> open;
    private final Set<String> close;
    private final Pattern pattern;

    /**
     * Names with or without the brackets.
     *
     * @param tasks that open a prompt
     * @param answers that close it: names of languages and other beginnings of answers
     */
    public Tags(Collection<String> tasks, Collection<String> answers) {
        this.open = tokens(tasks);
        this.close = tokens(answers);
        this.pattern =
                Pattern.compile(
                        Stream.concat(this.open.stream(), this.close.stream())
                                .map(Pattern::quote)
                                .collect(Collectors.joining("|")));
    }

    private static Set<String> tokens(Collection<String> names) {
        return names.stream().map(Tags::token).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A name as a token: {@code yor} gives {@code <yor>}. */
    public static String token(String name) {
        return name.startsWith("<") ? name : "<" + name + ">";
    }

    /** A prompt in tags, which ends where the answer begins. */
    public static String prompt(String task, String text, String action) {
        return token(task) + " " + text + " " + token(action);
    }

    /** Whether there is any. */
    public boolean isEmpty() {
        return open.isEmpty() && close.isEmpty();
    }

    /** Marks a document; a prompt that is not closed, or closed twice, is refused. */
    Marked mark(ExampleFile.Line line, String text) {
        List<Marked.Range> counted = new ArrayList<>();
        Matcher tag = pattern.matcher(text);
        String prompt = null;
        int from = -1;
        while (tag.find()) {
            boolean opens = open.contains(tag.group());
            if (opens == (prompt != null)) {
                throw line.wrong(
                        opens
                                ? tag.group() + " opens a prompt inside that of " + prompt + CLOSE
                                : tag.group()
                                        + " closes a prompt that no tag of data.tags.tasks"
                                        + " opened; open it, or remove the tag");
            }
            if (opens && tag.start() > Math.max(0, from)) {
                counted.add(new Marked.Range(from, tag.start()));
            }
            prompt = opens ? tag.group() : null;
            from = tag.end();
        }
        if (prompt != null) {
            throw line.wrong(prompt + " opens a prompt that is not closed" + CLOSE);
        }
        counted.add(new Marked.Range(from, text.length()));
        return new Marked(text, counted, false);
    }

    /** Every tag. */
    List<String> all() {
        return Stream.concat(open.stream(), close.stream()).toList();
    }

    /** Refuses a tag that the tokenizer does not know as one token. */
    public static void require(
            Tokenizer tokenizer, String tag, Function<String, RequestException> wrong) {
        if (tokenizer.id(tag).isEmpty() || tokenizer.encode(tag, false).size() != 1) {
            throw wrong.apply(
                    "the special token "
                            + tag
                            + " must be one of the tokenizer's, it takes "
                            + tokenizer.encode(tag, false).size()
                            + " tokens; add it: lugha tokenizer extend --tokenizer DIR --model DIR"
                            + " --special '"
                            + tag
                            + "' --output NEW, then train NEW");
        }
    }
}
