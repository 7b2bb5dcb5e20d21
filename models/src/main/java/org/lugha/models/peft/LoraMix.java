package org.lugha.models.peft;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.OtherFiles;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.peft.LoraFolder.Pair;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Several LoRA adapters of one base as one, as PEFT's {@code add_weighted_adapter} makes it. {@link
 * Kind#CAT} puts the matrices side by side, {@code A = [w_1 s_1 A_1; w_2 s_2 A_2; ..]}, {@code B =
 * [B_1, B_2, ..]}, which is exactly the weighted sum of the updates and has the sum of the ranks.
 * {@link Kind#LINEAR} adds the matrices themselves, {@code A = sum sign(w_i) sqrt(|w_i| s_i) A_i},
 * {@code B = sum sqrt(|w_i| s_i) B_i}: no more than one rank, and another update than the sum.
 */
public final class LoraMix {
    private final Kind kind;
    private final double[] weights;
    private final List<LoraFolder> parts;

    /** How matrices are put together. */
    public enum Kind {
        CAT,
        LINEAR
    }

    private LoraMix(Kind kind, double[] weights, List<LoraFolder> parts) {
        this.kind = kind;
        this.weights = weights;
        this.parts = parts;
    }

    /**
     * Writes the mixture as a new folder that appears when it is complete.
     *
     * @param weights one for each folder, of any sign
     * @throws RequestException where the adapters do not fit one another, naming every mismatch
     */
    public static void save(Kind kind, List<Path> folders, double[] weights, Path output) {
        List<LoraFolder> parts = new ArrayList<>();
        try {
            folders.forEach(f -> parts.add(LoraFolder.open(f)));
            new LoraMix(kind, weights, parts).save(output);
        } finally {
            parts.forEach(LoraFolder::close);
        }
    }

    private void save(Path output) {
        requireFit();
        try (Staged staged = Staged.folder(output)) {
            Map<String, Source> tensors = new TreeMap<>();
            for (String layer : layers()) {
                Pair pair = kind == Kind.CAT ? side(layer) : sum(layer);
                tensors.put(LoraFolder.key(layer, LoraFolder.A), LoraFolder.rows(pair.a()));
                tensors.put(LoraFolder.key(layer, LoraFolder.B), LoraFolder.columns(pair.b()));
            }
            Staged.write(staged.path().resolve(PeftFiles.CONFIG), ModelFiles.json(config()) + "\n");
            SafeTensors.write(staged.path().resolve(PeftFiles.WEIGHTS), tensors);
            OtherFiles.copy(
                    parts.getFirst().path(),
                    staged.path(),
                    Set.of(PeftFiles.CONFIG, DyLora.FILE, "README.md"));
            staged.commit();
        }
    }

    private void requireFit() {
        List<String> wrong = new ArrayList<>();
        for (LoraFolder part : parts) {
            part.others().keySet().forEach(k -> wrong.add(part.path() + " has " + k));
            for (String layer : part.layers()) {
                long[] own = part.sizes(layer);
                long[] first = first(layer).sizes(layer);
                if (own[1] != first[1] || own[2] != first[2]) {
                    wrong.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s of %s is [%d, %d], of %s [%d, %d]",
                                    layer,
                                    first(layer).path(),
                                    first[2],
                                    first[1],
                                    part.path(),
                                    own[2],
                                    own[1]));
                }
                if (kind == Kind.LINEAR && own[0] != parts.getFirst().lora().rank()) {
                    wrong.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s of %s has rank %d, linear needs %d everywhere",
                                    layer,
                                    part.path(),
                                    own[0],
                                    parts.getFirst().lora().rank()));
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new RequestException(
                    "mix adapters: expected pairs of LoRA of one base alone, got "
                            + ModelFiles.listed(wrong)
                            + "; merge adapters that train other tensors into the model instead");
        }
    }

    private SortedSet<String> layers() {
        SortedSet<String> all = new TreeSet<>();
        parts.forEach(p -> all.addAll(p.layers()));
        return all;
    }

    private LoraFolder first(String layer) {
        return parts.stream().filter(p -> p.layers().contains(layer)).findFirst().orElseThrow();
    }

    private int rank() {
        return kind == Kind.LINEAR
                ? parts.getFirst().lora().rank()
                : parts.stream().mapToInt(p -> largest(p)).sum();
    }

    private static int largest(LoraFolder part) {
        return part.layers().stream().mapToInt(l -> (int) part.sizes(l)[0]).max().orElse(0);
    }

    /** Side by side, and zeros up to the common rank. */
    private Pair side(String layer) {
        int rank = rank();
        long[] sizes = first(layer).sizes(layer);
        double[][] a = new double[rank][(int) sizes[1]];
        double[][] b = new double[rank][(int) sizes[2]];
        int at = 0;
        for (int i = 0; i < parts.size(); i++) {
            LoraFolder part = parts.get(i);
            if (part.layers().contains(layer)) {
                Pair own = part.pair(layer);
                double f = weights[i] * part.lora().scale(layer);
                for (int r = 0; r < own.rank(); r++, at++) {
                    a[at] = Arrays.stream(own.a()[r]).map(v -> v * f).toArray();
                    b[at] = own.b()[r];
                }
            }
        }
        return new Pair(a, b);
    }

    private Pair sum(String layer) {
        long[] sizes = first(layer).sizes(layer);
        double[][] a = new double[rank()][(int) sizes[1]];
        double[][] b = new double[rank()][(int) sizes[2]];
        for (int i = 0; i < parts.size(); i++) {
            LoraFolder part = parts.get(i);
            if (part.layers().contains(layer)) {
                Pair own = part.pair(layer);
                double f = weights[i] * part.lora().scale(layer);
                add(Math.signum(f) * Math.sqrt(Math.abs(f)), own.a(), a);
                add(Math.sqrt(Math.abs(f)), own.b(), b);
            }
        }
        return new Pair(a, b);
    }

    private static void add(double f, double[][] from, double[][] to) {
        for (int r = 0; r < to.length; r++) {
            for (int i = 0; i < to[r].length; i++) {
                to[r][i] += f * from[r][i];
            }
        }
    }

    /** The first one's, with a scale of 1 and every layer by its own name. */
    private ObjectNode config() {
        ObjectNode j = parts.getFirst().config().root().deepCopy();
        j.put("r", rank());
        j.put("lora_alpha", rank());
        j.put("use_rslora", false);
        j.putObject("rank_pattern");
        j.putObject("alpha_pattern");
        ArrayNode targets = j.putArray("target_modules");
        layers().forEach(targets::add);
        return j;
    }
}
