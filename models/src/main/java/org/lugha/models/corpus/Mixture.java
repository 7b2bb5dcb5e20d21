package org.lugha.models.corpus;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.Mixing;
import org.lugha.runtime.Philox;

/**
 * Examples of several files, drawn with {@link Mixing}'s probabilities: a file, then the next of
 * its examples, which come epoch by epoch in an order that is a function of the seed. Files are
 * mapped; what is held is eight bytes an example.
 */
public final class Mixture implements AutoCloseable {
    private final List<MixSource> sources = new ArrayList<>();
    private final double[] asked;
    private final long seed;

    /**
     * What one file gives.
     *
     * @param language the file's, or that into which its first line translates
     * @param share its part of all examples
     * @param asked the probability of drawing from it
     * @param drawn how many were
     * @param realised its part of all that were drawn
     * @param epochs how often each of its examples was drawn
     */
    public record Set(
            DataFile file,
            String language,
            long examples,
            double share,
            double asked,
            long drawn,
            double realised,
            double epochs) {}

    /**
     * Reads all files once; a line that cannot be read is refused.
     *
     * @param alone whether a file of no known language is a language of its own; in a run all such
     *     files are one
     */
    public Mixture(List<DataFile> files, double temperature, long seed, boolean alone) {
        this.seed = seed;
        try {
            files.forEach(f -> sources.add(new MixSource(f)));
            asked =
                    Mixing.probabilities(
                            sources.stream().map(f -> group(f, alone)).toList(),
                            sources.stream().mapToLong(MixSource::size).toArray(),
                            files.stream().mapToDouble(DataFile::weight).toArray(),
                            temperature);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static String group(MixSource source, boolean alone) {
        boolean known = !source.language().isEmpty() || !alone;
        return known ? source.language() : source.file().path().toString();
    }

    /** All examples of all files. */
    public long size() {
        return sources.stream().mapToLong(MixSource::size).sum();
    }

    /** Refuses files that would not be read alike from one file. */
    public void requireOneFormat() {
        MixSource first = sources.getFirst();
        for (MixSource s : sources) {
            if (!s.format().equals(first.format())) {
                throw new RequestException(
                        "data mix: one file needs one format, "
                                + first.file().path()
                                + " is "
                                + first.format()
                                + " and "
                                + s.file().path()
                                + " is "
                                + s.format()
                                + "; mix them without --output, or in a run");
            }
        }
    }

    /**
     * Draws.
     *
     * @param out takes JSON lines; null to count alone
     * @param progress how many have been drawn
     */
    public List<Set> draw(long number, OutputStream out, LongConsumer progress) throws IOException {
        long[] drawn = new long[sources.size()];
        for (long i = 0; i < number; i++) {
            int chosen = choose(Philox.uniform(seed, i));
            MixSource source = sources.get(chosen);
            if (out != null) {
                long epoch = drawn[chosen] / source.size();
                long order = Philox.derive(Philox.derive(seed, 1000 + chosen), epoch);
                long at = drawn[chosen] % source.size();
                out.write(source.line(new Permutation(source.size(), order).at(at)));
                out.write('\n');
            }
            drawn[chosen]++;
            progress.accept(i);
        }
        List<Set> sets = new ArrayList<>();
        double all = size();
        for (int s = 0; s < sources.size(); s++) {
            long n = sources.get(s).size();
            sets.add(
                    new Set(
                            sources.get(s).file(),
                            sources.get(s).language(),
                            n,
                            n / all,
                            asked[s],
                            drawn[s],
                            (double) drawn[s] / number,
                            (double) drawn[s] / n));
        }
        return sets;
    }

    private int choose(double u) {
        double left = u;
        int last = 0;
        for (int s = 0; s < asked.length; s++) {
            if (asked[s] > 0) {
                last = s;
                left -= asked[s];
                if (left < 0) {
                    return s;
                }
            }
        }
        return last;
    }

    @Override
    public void close() {
        sources.forEach(MixSource::close);
    }
}
