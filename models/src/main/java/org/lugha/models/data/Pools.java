package org.lugha.models.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lugha.models.RequestException;
import org.lugha.runtime.Philox;

/**
 * Draws numbers of examples: first a pool by its probability, then the next of that pool's cycle. A
 * pool is all examples of one language and one weight that are drawn in the same steps; {@code p ~
 * w share^(1/T)}, share being the language's part of all examples, split among a language's pools
 * by their sizes.
 */
final class Pools {
    private final List<Pool> pools = new ArrayList<>();
    private final int sets;
    private final long seed;
    private long drawn;

    private record Key(String language, double weight, int from, int until) {
        static Key of(List<DataFile> files, int set, String language) {
            if (files.isEmpty()) {
                return new Key(language, 1, 1, Integer.MAX_VALUE);
            }
            DataFile f = files.get(set);
            return new Key(language, f.weight(), f.fromStep(), f.untilStep());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pool(double p, int from, int until, Cycle cycle, int[] perSet) {
        boolean isActive(int step) {
            return step >= from && step <= until;
        }
    }

    /** Numbers as they come. */
    private static final class Members {
        private int[] numbers = new int[16];
        private int count;
        private final int[] perSet;

        Members(int sets) {
            perSet = new int[sets];
        }

        void add(int number, int set) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
            perSet[set]++;
        }
    }

    /** {@code files} as many as the lists that are joined, or none. */
    Pools(Joined all, List<DataFile> files, double temperature, boolean shuffle, long seed) {
        this.seed = seed;
        sets = files.size();
        Map<Key, Members> members = new LinkedHashMap<>();
        for (int set = 0; set < Math.max(1, sets); set++) {
            for (int i = all.begin(set); i < all.begin(set) + all.size(set); i++) {
                String language = temperature == 1 ? "" : all.language(i);
                Key key = Key.of(files, set, language);
                members.computeIfAbsent(key, _ -> new Members(Math.max(1, sets))).add(i, set);
            }
        }
        Map<String, Long> sizes = new LinkedHashMap<>();
        members.forEach((k, m) -> sizes.merge(k.language(), (long) m.count, Long::sum));
        members.forEach((k, m) -> {
            double size = sizes.get(k.language());
            double p = k.weight() * Math.pow(size / all.size(), 1 / temperature) * m.count / size;
            int[] numbers = members.size() == 1 ? null : Arrays.copyOf(m.numbers, m.count);
            Cycle cycle =
                    new Cycle(numbers, m.count, shuffle, Philox.derive(seed, 1000 + pools.size()));
            pools.add(new Pool(p, k.from(), k.until(), cycle, m.perSet));
        });
    }

    /** The next example's number, of those that the step may draw from. */
    int next(int step) {
        double sum = sum(step);
        double left = pools.size() == 1 ? 0 : Philox.uniform(seed, drawn) * sum;
        drawn++;
        Pool chosen = null;
        for (Pool p : pools) {
            if (p.isActive(step)) {
                chosen = p;
                left -= p.p();
                if (left < 0) {
                    break;
                }
            }
        }
        return chosen.cycle().next();
    }

    private double sum(int step) {
        double sum = 0;
        for (Pool p : pools) {
            sum += p.isActive(step) ? p.p() : 0;
        }
        if (sum == 0) {
            throw new RequestException(
                    "data.train: no file may be drawn from in step "
                            + step
                            + "; widen from_step and until_step");
        }
        return sum;
    }

    /** The probability of each set in a step. */
    double[] asked(int step) {
        double[] all = new double[sets];
        double sum = sum(step);
        for (Pool p : pools) {
            for (int i = 0; i < sets && p.isActive(step); i++) {
                all[i] += p.p() / sum * p.perSet()[i] / p.cycle().count();
            }
        }
        return all;
    }

    long drawn() {
        return drawn;
    }

    List<Long> epochs() {
        return pools.stream().map(p -> p.cycle().epoch()).toList();
    }

    List<Integer> positions() {
        return pools.stream().map(p -> p.cycle().position()).toList();
    }

    void restore(long draws, List<Long> epochs, List<Integer> positions) {
        if (epochs.size() != pools.size() || positions.size() != pools.size()) {
            throw new RequestException(
                    "data: a run goes on with the data it began with, "
                            + epochs.size()
                            + " pools, got "
                            + pools.size()
                            + "; restore the files and settings of the first start");
        }
        drawn = draws;
        for (int i = 0; i < pools.size(); i++) {
            pools.get(i).cycle().restore(epochs.get(i), positions.get(i));
        }
    }
}
