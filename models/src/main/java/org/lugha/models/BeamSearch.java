package org.lugha.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lugha.nn.KvCache;

/**
 * Beam search as transformers' {@code generate(num_beams=N, do_sample=False)} does it: of all
 * continuations of all beams the best by summed log-probability are taken; those that end go to the
 * finished ones, scored by {@code sum / length^penalty}, if they are among the best N; the best N
 * others go on, until none of them can beat the finished ones or the length is reached.
 */
final class BeamSearch {
    private static final double NEVER = -1e9;

    private final CausalLM model;
    private final GenerationOptions options;
    private final int beams;
    private final double lengthPenalty;
    private final Set<Integer> endIds;

    /** Tokens made, their summed log-probability or final score, and the beam they came from. */
    private record Beam(int[] made, double score, int from, boolean ended) {}

    BeamSearch(CausalLM model, GenerationOptions options, int beams, double lengthPenalty) {
        if (beams < 1 || !Double.isFinite(lengthPenalty)) {
            throw new RequestException(
                    String.format(
                            Locale.ROOT,
                            "beam search: expected at least 1 beam and a finite length penalty, got %d and %s",
                            beams,
                            lengthPenalty));
        }
        this.model = model;
        this.options = options;
        this.beams = beams;
        this.lengthPenalty = lengthPenalty;
        endIds = new HashSet<>(options.endIds());
    }

    int[] run(int[] prompt) {
        int most = options.maxNewTokens();
        Generation.requireRoom(List.of(prompt), most);
        if (most <= 0) {
            return new int[0];
        }
        Tokens.rows(prompt).check(model.vocabularySize());
        try (KvCache cache = model.cache(beams, prompt.length + most - 1)) {
            return search(prompt, cache);
        }
    }

    private int[] search(int[] prompt, KvCache cache) {
        List<Beam> running = new ArrayList<>();
        for (int b = 0; b < beams; b++) {
            running.add(new Beam(new int[0], b == 0 ? 0 : NEVER, b, false));
        }
        List<Beam> finished = List.of();
        LastLogits last = new LastLogits(model, new int[beams], cache);
        int[][] next = new int[beams][];
        Arrays.fill(next, prompt);
        for (int step = 0; ; step++) {
            List<Beam> best = continuations(prompt, running, last.of(next), step);
            finished = finish(finished, best.subList(0, Math.min(beams, best.size())));
            if (best.stream().allMatch(Beam::ended)) {
                return finished.getFirst().made();
            }
            running =
                    best.stream()
                            .map(c -> c.ended() ? lowered(c) : c)
                            .sorted(byScore())
                            .limit(beams)
                            .toList();
            double hope = running.getFirst().score() / Math.pow(step + 1, lengthPenalty);
            if (finished.size() == beams && hope <= finished.getLast().score()) {
                return finished.getFirst().made();
            }
            cache.reorder(running.stream().mapToInt(Beam::from).toArray());
            for (int b = 0; b < beams; b++) {
                next[b] = new int[] {running.get(b).made()[step]};
            }
        }
    }

    private static Beam lowered(Beam c) {
        return new Beam(c.made(), c.score() + NEVER, c.from(), true);
    }

    private List<Beam> finish(List<Beam> finished, List<Beam> best) {
        List<Beam> all = new ArrayList<>(finished);
        for (Beam c : best) {
            if (c.ended()) {
                double score = c.score() / Math.pow(c.made().length, lengthPenalty);
                all.add(new Beam(c.made(), score, c.from(), true));
            }
        }
        all.sort(byScore());
        return List.copyOf(all.subList(0, Math.min(beams, all.size())));
    }

    private static Comparator<Beam> byScore() {
        return Collections.reverseOrder(Comparator.comparingDouble(Beam::score));
    }

    /** So many that as many as there are beams go on whatever ends. */
    private List<Beam> continuations(int[] prompt, List<Beam> running, float[][] logits, int step) {
        int keep = Math.max(2, 1 + endIds.size()) * beams;
        List<Beam> best = new ArrayList<>();
        for (int b = 0; b < beams; b++) {
            Beam beam = running.get(b);
            float[] scores = logSoftmax(logits[b]);
            boolean[] held = Generation.held(List.of(prompt), scores.length)[0];
            for (int id : beam.made()) {
                held[id] = true;
            }
            options.penalize(scores, held);
            for (int id : Sampler.TopKTopP.largest(scores, keep)) {
                int[] made = Arrays.copyOf(beam.made(), step + 1);
                made[step] = id;
                boolean ended = endIds.contains(id) || step + 1 == options.maxNewTokens();
                best.add(new Beam(made, beam.score() + scores[id], b, ended));
            }
        }
        best.sort(byScore());
        return best.subList(0, Math.min(keep, best.size()));
    }

    private static float[] logSoftmax(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float l : logits) {
            largest = Math.max(largest, l);
        }
        double sum = 0;
        for (float l : logits) {
            sum += Math.exp(l - largest);
        }
        double log = largest + Math.log(sum);
        float[] out = new float[logits.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) (logits[i] - log);
        }
        return out;
    }
}
