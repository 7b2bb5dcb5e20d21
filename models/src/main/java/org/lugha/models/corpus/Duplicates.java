package org.lugha.models.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds lines that say again what an earlier one says. Exact: the same letters, marks and digits
 * after NFC and in one case, whatever stands between them. Near: sets of sequences of five letters
 * whose Jaccard index, by {@link MinHash}, is {@value #NEAR} or more; lines of less than {@value
 * #LEAST} letters are too short for that. What is compared of a line: all its texts together.
 *
 * <p>Memory is bounded: {@link FirstSeen} and {@link NearIndex} say how. The same files in the same
 * order give the same result.
 */
final class Duplicates {
    static final double NEAR = 0.8;
    static final int LEAST = 24;

    private static final int FILE_SHIFT = 40;

    private final List<Path> files = new ArrayList<>();
    private final FirstSeen exact = new FirstSeen();
    private final NearIndex near = new NearIndex(NEAR);
    private final Words all = new Words();

    /**
     * A line, and the earlier one that it repeats.
     *
     * @param similarity 1 where they are equal, else the Jaccard index
     */
    record Pair(Place again, Place first, double similarity) {
        /** Whether it is the same but for case and what is no letter. */
        boolean isExact() {
            return similarity == 1;
        }

        /** What is said behind the place of the line that repeats. */
        String what() {
            return isExact()
                    ? "says the same as " + first
                    : String.format(
                            Locale.ROOT, "is nearly %s (%.0f %% alike)", first, 100 * similarity);
        }

        @Override
        public String toString() {
            return again + " " + what();
        }
    }

    /** The pair that a line makes with an earlier one, or null. */
    Pair add(Compared line, Place place) {
        long hash = 0;
        int letters = 0;
        for (int i = 0; i < line.size(); i++) {
            hash = Words.mix(hash + line.part(i).all());
            letters += line.part(i).length();
        }
        if (letters == 0) {
            return null;
        }
        long here = pack(place);
        long first = exact.add(hash, here);
        if (first >= 0) {
            return new Pair(place, unpack(first), 1);
        }
        if (letters < LEAST) {
            return null;
        }
        Words words = line.part(0);
        if (line.size() > 1) {
            all.clear();
            all.take(line.part(0));
            all.take(line.part(1));
            words = all;
        }
        first = near.add(words, here);
        double similarity = Math.min(near.similarity(), Math.nextDown(1));
        return first < 0 ? null : new Pair(place, unpack(first), similarity);
    }

    /** How many exact duplicates one that was found stands for: 1 up to four million lines. */
    long scale() {
        return exact.scale();
    }

    private long pack(Place place) {
        int file = files.lastIndexOf(place.file());
        if (file < 0) {
            file = files.size();
            files.add(place.file());
        }
        return (long) file << FILE_SHIFT | place.line();
    }

    private Place unpack(long packed) {
        int file = (int) (packed >>> FILE_SHIFT);
        return new Place(files.get(file), packed & (1L << FILE_SHIFT) - 1);
    }
}
