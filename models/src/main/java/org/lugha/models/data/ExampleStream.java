package org.lugha.models.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lugha.runtime.Philox;

/**
 * Examples without end, in an order that is a function of the seed: each language's examples epoch
 * by epoch, shuffled anew from seed and epoch; the language of the next example drawn with {@code p
 * ~ share^(1/T)}, share being its part of all examples. T = 1, or one language, is the data as it
 * lies.
 */
public final class ExampleStream {
    private final List<Cycle> languages = new ArrayList<>();
    private final double[] upTo;
    private final long seed;
    private long drawn;

    public ExampleStream(List<Example> examples, double temperature, boolean shuffle, long seed) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("examples: needs at least one");
        }
        this.seed = seed;
        Map<String, List<Example>> groups = new LinkedHashMap<>();
        for (Example e : examples) {
            String key = temperature == 1 ? "" : e.language();
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(e);
        }
        upTo = new double[groups.size()];
        double sum = 0;
        for (List<Example> group : groups.values()) {
            double share = (double) group.size() / examples.size();
            sum += Math.pow(share, 1 / temperature);
            upTo[languages.size()] = sum;
            languages.add(new Cycle(group, shuffle, Philox.derive(seed, 1000 + languages.size())));
        }
        for (int i = 0; i < upTo.length; i++) {
            upTo[i] /= sum;
        }
    }

    /** The next example. */
    public Example next() {
        int language = 0;
        if (upTo.length > 1) {
            double u = Philox.uniform(seed, drawn);
            while (language < upTo.length - 1 && u >= upTo[language]) {
                language++;
            }
        }
        drawn++;
        return languages.get(language).next();
    }

    /** The next {@code rows} examples as one batch. */
    public Batch batch(int rows) {
        List<Example> batch = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            batch.add(next());
        }
        return Batch.of(batch);
    }

    /** One language's examples, again and again. */
    private static final class Cycle {
        private final List<Example> examples;
        private final boolean shuffle;
        private final long seed;
        private final int[] order;
        private long epoch = -1;
        private int position;

        Cycle(List<Example> examples, boolean shuffle, long seed) {
            this.examples = examples;
            this.shuffle = shuffle;
            this.seed = seed;
            order = new int[examples.size()];
            position = order.length;
        }

        Example next() {
            if (position == order.length) {
                epoch++;
                position = 0;
                arrange(Philox.derive(seed, epoch));
            }
            return examples.get(order[position++]);
        }

        /** Fisher and Yates. */
        private void arrange(long key) {
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            for (int i = order.length - 1; i > 0 && shuffle; i--) {
                int j = (int) (Integer.toUnsignedLong(Philox.bits(key, i)) % (i + 1));
                int t = order[i];
                order[i] = order[j];
                order[j] = t;
            }
        }
    }
}
