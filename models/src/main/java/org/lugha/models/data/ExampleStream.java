package org.lugha.models.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Examples without end, in an order that is a function of the seed: each language's examples epoch
 * by epoch, shuffled anew from seed and epoch; the language of the next example drawn with {@code p
 * ~ share^(1/T)}, share being its part of all examples. T = 1, or one language, is the data as it
 * lies. Files may have weights, and steps in which they are drawn from.
 */
public final class ExampleStream {
    private final List<DataFile> files;
    private final Joined examples;
    private final Pools pools;
    private final long[] drawnOf;
    private final long[] tokensOf;
    private Packing packing;

    /**
     * Where a stream stands: enough to go on with the very next example.
     *
     * @param drawn examples so far
     * @param epochs of each pool
     * @param positions in each pool's epoch
     * @param waiting drawn, and not in a row yet
     * @param examples drawn of each file
     * @param tokens drawn of each file
     */
    public record State(
            long drawn,
            List<Long> epochs,
            List<Integer> positions,
            List<Integer> waiting,
            List<Long> examples,
            List<Long> tokens) {}

    /**
     * What was drawn of one file so far.
     *
     * @param asked its probability at this step
     * @param epochs how often each of its examples was drawn
     */
    public record Drawn(DataFile file, double asked, long examples, long tokens, double epochs) {}

    /** Of examples that come from one place. */
    public ExampleStream(List<Example> examples, double temperature, boolean shuffle, long seed) {
        this(List.of(), List.of(Joined.Part.of(examples)), temperature, shuffle, seed);
    }

    /** Of several files' examples. */
    public static ExampleStream of(
            List<DataSet> sets, double temperature, boolean shuffle, long seed) {
        return new ExampleStream(
                sets.stream().map(DataSet::file).toList(),
                sets.stream().map(Joined.Part::of).toList(),
                temperature,
                shuffle,
                seed);
    }

    private ExampleStream(
            List<DataFile> files,
            List<Joined.Part> sets,
            double temperature,
            boolean shuffle,
            long seed) {
        this.files = files;
        examples = new Joined(sets);
        if (examples.size() == 0) {
            throw new IllegalArgumentException("examples: needs at least one");
        }
        pools = new Pools(examples, files, temperature, shuffle, seed);
        drawnOf = new long[sets.size()];
        tokensOf = new long[sets.size()];
    }

    /** From here on several examples lie in a row, of at most so many tokens together. */
    public ExampleStream packed(int length) {
        packing = new Packing(length, examples::length);
        return this;
    }

    /** Examples in all, each counted once. */
    public int size() {
        return examples.size();
    }

    /** The next example. */
    public Example next() {
        return examples.get(draw(1));
    }

    /** The next {@code rows} examples as one batch, or as many rows as are packed. */
    public Batch batch(int rows) {
        return batch(rows, 1);
    }

    /** As {@link #batch(int)} of what the step may draw from, the first being 1. */
    public Batch batch(int rows, int step) {
        if (packing != null) {
            List<List<Integer>> all = packing.rows(rows, () -> draw(step));
            int[] members = all.stream().flatMap(List::stream).mapToInt(i -> i).toArray();
            return Batch.packed(
                    all.stream().map(row -> row.stream().map(examples::get).toList()).toList(),
                    members);
        }
        int[] members = new int[rows];
        List<Example> batch = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            members[i] = draw(step);
            batch.add(examples.get(members[i]));
        }
        return Batch.of(batch, members);
    }

    /**
     * The steps that it takes to draw every example so many times: without packing rows are
     * examples, with it all are packed, of this stream, which is used up by that.
     *
     * @param rows of all micro-batches of a step
     * @param batches micro-batches of a step
     */
    public int steps(double epochs, int rows, int batches) {
        double wanted = Math.ceil(size() * epochs - 1e-9);
        if (packing == null) {
            return (int) Math.max(1, Math.ceil(wanted / ((double) rows * batches)));
        }
        int step = 0;
        while (pools.drawn() - packing.waiting().size() < wanted) {
            step++;
            int now = step;
            for (int i = 0; i < batches; i++) {
                packing.rows(rows, () -> draw(now));
            }
        }
        return Math.max(1, step);
    }

    private int draw(int step) {
        int example = pools.next(step);
        int set = examples.part(example);
        drawnOf[set]++;
        tokensOf[set] += examples.length(example);
        return example;
    }

    /** Which example of which file a number of a batch stands for. */
    public String name(int member) {
        int set = examples.part(member);
        String of = files.isEmpty() ? "the data" : files.get(set).path().toString();
        return of + ", example " + (member - examples.begin(set) + 1);
    }

    /** What was drawn of each file; empty where the examples come from none. */
    public List<Drawn> drawn(int step) {
        double[] asked = pools.asked(step);
        List<Drawn> all = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            double epochs = (double) drawnOf[i] / examples.size(i);
            all.add(new Drawn(files.get(i), asked[i], drawnOf[i], tokensOf[i], epochs));
        }
        return all;
    }

    /** Where it stands. */
    public State state() {
        return new State(
                pools.drawn(),
                pools.epochs(),
                pools.positions(),
                packing == null ? List.of() : packing.waiting(),
                longs(drawnOf),
                longs(tokensOf));
    }

    /** Goes on where another stream of the same data and seed stood. */
    public void restore(State s) {
        pools.restore(s.drawn(), s.epochs(), s.positions());
        if (packing != null) {
            packing.restore(s.waiting());
        }
        for (int i = 0; i < drawnOf.length; i++) {
            drawnOf[i] = s.examples().get(i);
            tokensOf[i] = s.tokens().get(i);
        }
    }

    private static List<Long> longs(long... values) {
        List<Long> all = new ArrayList<>();
        for (long v : values) {
            all.add(v);
        }
        return all;
    }
}
