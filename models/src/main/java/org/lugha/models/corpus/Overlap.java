package org.lugha.models.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lugha.models.data.ExampleFile;

/**
 * Lines of evaluation files that stand in training files too: exactly, after casefold and dropping
 * all but letters, marks and digits, or nearly, where one training line holds {@value #NEAR} or
 * more of the word 5-grams of a text of at least {@value #LEAST} of them. 5-grams that many
 * evaluation texts share, such as those of a template, tell nothing and are left out. What is
 * compared of a line: its text; src and tgt, each; prompt and completion as one; all that a
 * conversation says; ids.
 *
 * <p>Memory grows with the evaluation files alone; training files are read once, line by line.
 *
 * @param evalLines lines that were compared
 * @param trainLines lines that they were compared with
 * @param exact evaluation lines that stand whole in training
 * @param sides of the others, those of which only src or tgt stands there
 * @param near of the others, those that stand there nearly
 * @param first the first few of all these, in the order of the evaluation files
 */
public record Overlap(
        long evalLines, long trainLines, long exact, long sides, long near, List<Match> first) {
    /** The share of 5-grams that makes two texts near. */
    static final double NEAR = 0.7;

    /** 5-grams that a text needs to be compared by them. */
    static final int LEAST = 4;

    /** Words in a gram. */
    static final int GRAM = 5;

    /** How many examples are told. */
    static final int TOLD = 10;

    /** In which way a line is there. */
    public enum Kind {
        NEAR,
        SIDE,
        EXACT
    }

    /**
     * An evaluation line and the first training line that is most like it.
     *
     * @param part what of the line is there, such as {@code tgt}
     * @param share of its 5-grams; 1 unless near
     */
    public record Match(Kind kind, Place eval, Place train, String part, double share) {
        @Override
        public String toString() {
            return switch (kind) {
                case EXACT -> eval + " is also " + train;
                case SIDE -> eval + " has the " + part + " of " + train;
                case NEAR ->
                        String.format(
                                Locale.ROOT,
                                "%s is nearly %s (%.0f %% of the word 5-grams of its %s)",
                                eval,
                                train,
                                100 * share,
                                part);
            };
        }
    }

    /** Compares; a line that cannot be read is refused as in training. */
    public static Overlap between(List<Path> train, List<Path> eval) {
        OverlapIndex index = new OverlapIndex();
        Compared line = new Compared();
        for (Path file : eval) {
            try (ExampleFile lines = new ExampleFile(file)) {
                while (lines.hasNext()) {
                    ExampleFile.Line next = lines.next();
                    line.read(next.value());
                    index.add(line, new Place(file, next.number()));
                }
            }
        }
        index.forgetTemplates();
        for (int f = 0; f < train.size() && index.size() > 0; f++) {
            try (ExampleFile lines = new ExampleFile(train.get(f))) {
                while (lines.hasNext()) {
                    ExampleFile.Line next = lines.next();
                    line.read(next.value());
                    index.look(line, new Place(train.get(f), next.number()));
                }
            }
        }
        return index.result();
    }

    /** Whether nothing of the evaluation files stands in training. */
    public boolean isEmpty() {
        return exact + sides + near == 0;
    }

    /** For people: what was found, then the first examples. */
    public List<String> lines() {
        List<String> all = new ArrayList<>();
        if (isEmpty()) {
            all.add(
                    String.format(
                            Locale.ROOT,
                            "none of %,d evaluation lines stands in %,d training lines",
                            evalLines,
                            trainLines));
            return all;
        }
        List<String> kinds = new ArrayList<>();
        say(kinds, exact, "exactly");
        say(kinds, sides, "with src or tgt alone");
        say(kinds, near, "nearly");
        all.add(
                String.format(
                        Locale.ROOT,
                        "of %,d evaluation lines %,d stand in training: %s",
                        evalLines,
                        exact + sides + near,
                        String.join(", ", kinds)));
        first.forEach(m -> all.add(m.toString()));
        long more = exact + sides + near - first.size();
        if (more > 0) {
            all.add(String.format(Locale.ROOT, "and %,d more", more));
        }
        return all;
    }

    private static void say(List<String> to, long n, String how) {
        if (n > 0) {
            to.add(String.format(Locale.ROOT, "%,d %s", n, how));
        }
    }
}
