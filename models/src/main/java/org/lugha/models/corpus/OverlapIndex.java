package org.lugha.models.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lugha.models.corpus.Overlap.Kind;
import org.lugha.models.corpus.Overlap.Match;

/** The evaluation lines of an {@link Overlap}, and what training lines have been like them. */
final class OverlapIndex {
    /** 5-grams of more texts than a fiftieth of all are those of a template, within bounds. */
    private static final int SHARE = 50;

    private static final int FEW = 20;
    private static final int MANY = 200;

    private final List<Line> lines = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Numbered texts = new Numbered();
    private final Numbered.Lists sameText = new Numbered.Lists();
    private final Numbered grams = new Numbered();
    private final Numbered.Lists withGram = new Numbered.Lists();
    private int[] timesSeen = new int[1 << 10];
    private long[] lastSeenBy = new long[1 << 10];
    private final List<Part> touched = new ArrayList<>();
    private long turn;
    private long trainLines;

    /** An evaluation line: the bits of its parts, and the best match so far. */
    private static final class Line {
        private final Place place;
        private Match best;
        private int all;
        private int found;
        private long foundIn;

        Line(Place place) {
            this.place = place;
        }

        void better(Match m) {
            if (best == null
                    || m.kind().compareTo(best.kind()) > 0
                    || m.kind() == Kind.NEAR
                            && best.kind() == Kind.NEAR
                            && m.share() > best.share()) {
                best = m;
            }
        }
    }

    /** One text of a line: its different 5-grams, and how many of them a training line has. */
    private static final class Part {
        private final Line line;
        private final String name;
        private final int bit;
        private int distinct;
        private int shared;

        Part(Line line, String name, int bit) {
            this.line = line;
            this.name = name;
            this.bit = bit;
        }
    }

    int size() {
        return lines.size();
    }

    void add(Compared compared, Place place) {
        Line line = new Line(place);
        lines.add(line);
        for (int i = 0; i < compared.size(); i++) {
            Words words = compared.part(i);
            Part part = new Part(line, compared.name(i), 1 << i);
            sameText.add(texts.number(words.all()), parts.size());
            turn++;
            for (int g = 0; g + Overlap.GRAM <= words.size(); g++) {
                int gram = grams.number(words.gram(g, Overlap.GRAM));
                if (firstInThisTurn(gram)) {
                    timesSeen[gram]++;
                    part.distinct++;
                    withGram.add(gram, parts.size());
                }
            }
            line.all |= part.bit;
            parts.add(part);
        }
    }

    /** To be called between the last evaluation line and the first training line. */
    void forgetTemplates() {
        int most = Math.clamp(parts.size() / SHARE, FEW, MANY);
        for (int gram = 0; gram < grams.size(); gram++) {
            if (timesSeen[gram] > most) {
                for (int at = withGram.first(gram); at > 0; at = withGram.next(at)) {
                    parts.get(withGram.value(at)).distinct--;
                }
                withGram.clear(gram);
            }
        }
    }

    void look(Compared compared, Place place) {
        trainLines++;
        for (int i = 0; i < compared.size(); i++) {
            same(compared.part(i), place);
            near(compared.part(i), place);
        }
    }

    private void same(Words words, Place place) {
        int text = texts.find(words.all());
        boolean open = false;
        for (int at = text < 0 ? 0 : sameText.first(text); at > 0; at = sameText.next(at)) {
            Part part = parts.get(sameText.value(at));
            Line line = part.line;
            line.found = (line.foundIn == trainLines ? line.found : 0) | part.bit;
            line.foundIn = trainLines;
            Kind kind = line.found == line.all ? Kind.EXACT : Kind.SIDE;
            line.better(new Match(kind, line.place, place, part.name, 1));
            open |= line.best.kind() != Kind.EXACT;
        }
        if (text >= 0 && !open) {
            sameText.clear(text); // all these lines are known: the next equal text costs nothing
        }
    }

    private void near(Words words, Place place) {
        turn++;
        for (int g = 0; g + Overlap.GRAM <= words.size(); g++) {
            int gram = grams.find(words.gram(g, Overlap.GRAM));
            if (gram < 0 || !firstInThisTurn(gram)) {
                continue;
            }
            for (int at = withGram.first(gram); at > 0; at = withGram.next(at)) {
                Part part = parts.get(withGram.value(at));
                if (part.shared++ == 0) {
                    touched.add(part);
                }
            }
        }
        for (Part part : touched) {
            if (part.distinct >= Overlap.LEAST && part.shared >= Overlap.NEAR * part.distinct) {
                double share = (double) part.shared / part.distinct;
                part.line.better(new Match(Kind.NEAR, part.line.place, place, part.name, share));
            }
            part.shared = 0;
        }
        touched.clear();
    }

    private boolean firstInThisTurn(int gram) {
        if (gram >= lastSeenBy.length) {
            lastSeenBy = Arrays.copyOf(lastSeenBy, 2 * gram);
            timesSeen = Arrays.copyOf(timesSeen, 2 * gram);
        }
        boolean first = lastSeenBy[gram] != turn;
        lastSeenBy[gram] = turn;
        return first;
    }

    Overlap result() {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        List<Match> first = new ArrayList<>();
        for (Line line : lines) {
            if (line.best != null) {
                counts.merge(line.best.kind(), 1, Integer::sum);
                if (first.size() < Overlap.TOLD) {
                    first.add(line.best);
                }
            }
        }
        return new Overlap(
                lines.size(),
                trainLines,
                counts.getOrDefault(Kind.EXACT, 0),
                counts.getOrDefault(Kind.SIDE, 0),
                counts.getOrDefault(Kind.NEAR, 0),
                List.copyOf(first));
    }
}
