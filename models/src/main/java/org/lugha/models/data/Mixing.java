package org.lugha.models.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lugha.models.RequestException;

/**
 * How often each of several sets is drawn from: {@code p_i ~ w_i (n_i / N)^(1/T)}, with {@code N}
 * the sum of all sizes. T = 1 is the data as it lies, a large T draws from all sets alike; as in
 * Conneau et al. 2020, <a href="https://arxiv.org/abs/1911.02116">1911.02116</a>, whose alpha is
 * 1/T.
 */
public final class Mixing {
    private Mixing() {}

    /**
     * Probabilities that sum to one. A set of size or weight 0 is never drawn.
     *
     * @param sizes n_i, in any unit: examples, tokens
     * @param weights w_i, one a set
     */
    public static double[] probabilities(long[] sizes, double[] weights, double temperature) {
        require(sizes, weights, temperature);
        double all = 0;
        for (long n : sizes) {
            all += n;
        }
        double[] p = new double[sizes.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = sizes[i] == 0 ? 0 : weights[i] * Math.pow(sizes[i] / all, 1 / temperature);
        }
        double sum = Arrays.stream(p).sum();
        if (!(sum > 0) || Double.isInfinite(sum)) {
            throw new RequestException(
                    "mixing: needs a set that has examples and a weight above 0, got sizes "
                            + Arrays.toString(sizes)
                            + " and weights "
                            + Arrays.toString(weights)
                            + "; check the sets and their weights");
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    /**
     * The same over the languages of files: {@code p_f ~ w_f n_f / L (L / N)^(1/T)}, with {@code L}
     * the size of all files of the file's language.
     */
    public static double[] probabilities(
            List<String> languages, long[] sizes, double[] weights, double temperature) {
        require(sizes, weights, temperature);
        Map<String, Integer> numbers = new LinkedHashMap<>();
        languages.forEach(language -> numbers.putIfAbsent(language, numbers.size()));
        long[] all = new long[numbers.size()];
        double[] weighted = new double[all.length];
        for (int f = 0; f < sizes.length; f++) {
            int language = numbers.get(languages.get(f));
            all[language] += sizes[f];
            weighted[language] += weights[f] * sizes[f];
        }
        double[] ofLanguage = new double[all.length];
        for (int i = 0; i < all.length; i++) {
            ofLanguage[i] = all[i] == 0 ? 0 : weighted[i] / all[i];
        }
        double[] p = probabilities(all, ofLanguage, temperature);
        double[] ofFile = new double[sizes.length];
        for (int f = 0; f < sizes.length; f++) {
            int i = numbers.get(languages.get(f));
            ofFile[f] = weighted[i] == 0 ? 0 : p[i] * weights[f] * sizes[f] / weighted[i];
        }
        return ofFile;
    }

    private static void require(long[] sizes, double[] weights, double temperature) {
        if (sizes.length != weights.length) {
            throw new IllegalArgumentException(
                    "mixing: needs a weight a set, got "
                            + weights.length
                            + " for "
                            + sizes.length
                            + " sets");
        }
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new RequestException(
                    "mixing: temperature must be above 0, got "
                            + temperature
                            + "; 1 changes nothing");
        }
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 0 || !(weights[i] >= 0) || Double.isInfinite(weights[i])) {
                throw new RequestException(
                        "mixing: set "
                                + (i + 1)
                                + " needs a size and a finite weight of 0 or more, got "
                                + sizes[i]
                                + " and "
                                + weights[i]);
            }
        }
    }
}
