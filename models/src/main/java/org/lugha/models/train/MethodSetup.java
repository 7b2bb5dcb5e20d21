package org.lugha.models.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.lugha.models.CausalLM;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.DyLora;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.settings.Freezing;
import org.lugha.models.settings.Method;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;

/** A run's adapter on its model: a fresh one, or one from a folder that the run must agree with. */
final class MethodSetup {
    private final Method.Peft said;
    private final CausalLM model;

    private MethodSetup(Method.Peft said, CausalLM model) {
        this.said = said;
        this.model = model;
    }

    /** What is trained, on top of what lies beneath; empty where every weight is. */
    static Optional<Attached> attach(Method method, CausalLM model, long seed) {
        return switch (method) {
            case Method.Full(Freezing freezing) -> {
                freezing.apply(model);
                yield Optional.empty();
            }
            case Method.Peft peft -> Optional.of(new MethodSetup(peft, model).attach(seed));
        };
    }

    private Attached attach(long seed) {
        for (Path folder : said.under()) {
            PeftFiles.loadInto(model, folder);
        }
        if (said.initAdapter().isPresent()) {
            return PeftFiles.loadInto(model, said.initAdapter().get(), this::agreed);
        }
        requireRanks(said.config());
        return tied(said.config()).attachTo(model, seed);
    }

    /** In a model with one table for input and output, training it trains it in both places. */
    private PeftConfig tied(PeftConfig config) {
        return switch (config) {
            case Lora lora ->
                    model.config().isTied() && savesTable(lora)
                            ? lora.withModulesToSave(lora.modulesToSave(), true)
                            : lora;
            case DyLora(Lora lora, boolean frozen) -> new DyLora((Lora) tied(lora), frozen);
            default -> config;
        };
    }

    /** A rank above the shorter side of a matrix is no low rank, and most likely a slip. */
    private void requireRanks(PeftConfig config) {
        Lora lora = low(config);
        if (lora == null) {
            return;
        }
        SequencedMap<String, Module> modules = model.modules();
        List<String> small = new ArrayList<>();
        for (String path : matched(lora.targets())) {
            Linear l = (Linear) modules.get(path);
            if (lora.rank(path) > Math.min(l.in(), l.out())) {
                small.add(path + String.format(Locale.ROOT, " [%d, %d]", l.out(), l.in()));
            }
        }
        if (!small.isEmpty()) {
            throw new RequestException(
                    "method.rank: must be at most the shorter side of each matrix, "
                            + lora.rank()
                            + " is more than that of "
                            + ModelFiles.listed(small)
                            + "; lower it, or choose other targets");
        }
    }

    /** The settings of LoRA and its kin; null for another method. */
    private static Lora low(PeftConfig config) {
        return config instanceof DyLora(Lora all, _)
                ? all
                : config instanceof Lora one ? one : null;
    }

    /** Whether the input embedding or the output layer is trained as a whole. */
    private boolean savesTable(Lora lora) {
        var parts = model.parts();
        return model.modules().entrySet().stream()
                .filter(e -> e.getValue() == parts.embedding() || e.getValue() == parts.head())
                .anyMatch(e -> lora.modulesToSave().stream().anyMatch(e.getKey()::endsWith));
    }

    /** What the adapter's folder describes, with this run's dropout. */
    private PeftConfig agreed(PeftConfig has) {
        Lora old = low(has);
        if (old != null && said.config() instanceof Lora now) {
            return agreed(now, old);
        }
        if (old != null && said.config() instanceof DyLora(Lora now, boolean frozen)) {
            return new DyLora(agreed(now, old), frozen);
        }
        requireSame(
                "type", said.config().getClass().getSimpleName(), has.getClass().getSimpleName());
        SoftAgreement.differences(said.config(), has, model)
                .forEach((key, values) -> requireSame(key, values.now(), values.old()));
        return said.config();
    }

    private Lora agreed(Lora now, Lora old) {
        requireSame("rank", now.rank(), old.rank());
        requireSame("alpha", now.alpha(), old.alpha());
        requireSame("rslora", now.rankStabilised(), old.rankStabilised());
        if (!matched(now.targets()).equals(matched(old.targets()))) {
            throw disagree("targets", now.targets(), old.targets());
        }
        if (!asSaved(now.modulesToSave(), old).equals(asSaved(old.modulesToSave(), old))) {
            throw disagree("modules_to_save", now.modulesToSave(), old.modulesToSave());
        }
        return old.withDropout(now.dropout());
    }

    /** An adapter that ties its tables names the output layer too, or does not. */
    private static Set<String> asSaved(List<String> modules, Lora has) {
        Set<String> all = new TreeSet<>(modules);
        if (has.ensureWeightTying() && all.size() > 1) {
            all.remove("lm_head");
        }
        return all;
    }

    /** Targets may be spelled in many ways; these are the layers they come to. */
    private Set<String> matched(LoraTargets targets) {
        Set<String> paths = new TreeSet<>();
        model.modules()
                .forEach((path, m) -> {
                    if (m instanceof Linear && targets.matches(path)) {
                        paths.add(path);
                    }
                });
        return paths;
    }

    private void requireSame(String key, Object now, Object old) {
        if (!Objects.equals(now, old)) {
            throw disagree(key, now, old);
        }
    }

    private RequestException disagree(String key, Object now, Object old) {
        return new RequestException(
                "method."
                        + key
                        + " is "
                        + now
                        + ", but the adapter in "
                        + said.initAdapter().orElseThrow()
                        + " has "
                        + old
                        + "; leave method."
                        + key
                        + " away or make it agree");
    }
}
