package org.lugha.models.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.train.RunConfig.Method;
import org.lugha.nn.Linear;

/** A run's LoRA on its model: a fresh one, or one from a folder that the run must agree with. */
final class LoraSetup {
    private LoraSetup() {}

    static PeftConfig attach(Method.LoRA said, CausalLM model, long seed) {
        if (said.initAdapter().isPresent()) {
            return PeftFiles.loadInto(
                    model,
                    said.initAdapter().get(),
                    has -> has instanceof Lora lora ? agreed(said, lora, model) : has);
        }
        boolean tied = model.config().isTied() && savesTable(said, model);
        Lora lora =
                new Lora(
                        said.rank(),
                        said.alpha(),
                        said.dropout(),
                        said.targets().orElseThrow(),
                        said.modulesToSave(),
                        said.rankStabilised(),
                        tied,
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>());
        lora.attachTo(model, seed);
        return lora;
    }

    /** Whether the input embedding or the output layer is trained as a whole. */
    private static boolean savesTable(Method.LoRA said, CausalLM model) {
        var parts = model.parts();
        return model.modules().entrySet().stream()
                .filter(e -> e.getValue() == parts.embedding() || e.getValue() == parts.head())
                .anyMatch(e -> said.modulesToSave().stream().anyMatch(e.getKey()::endsWith));
    }

    /** An adapter that ties its tables names the output layer too, or does not. */
    private static Set<String> asSaved(List<String> modules, Lora has) {
        Set<String> all = new TreeSet<>(modules);
        if (has.ensureWeightTying() && all.size() > 1) {
            all.remove("lm_head");
        }
        return all;
    }

    /** What the adapter's folder describes, with this run's dropout. */
    private static Lora agreed(Method.LoRA said, Lora has, CausalLM model) {
        if (said.rank() != 0 && said.rank() != has.rank()) {
            throw disagree("rank", said.rank(), has.rank(), said);
        }
        if (said.alpha() != 0 && said.alpha() != has.alpha()) {
            throw disagree("alpha", said.alpha(), has.alpha(), said);
        }
        if (said.rankStabilised() && !has.rankStabilised()) {
            throw disagree("rslora", true, false, said);
        }
        LoraTargets targets = said.targets().orElse(has.targets());
        if (!matched(targets, model).equals(matched(has.targets(), model))) {
            throw disagree("targets", targets, has.targets(), said);
        }
        if (!said.modulesToSave().isEmpty()
                && !asSaved(said.modulesToSave(), has).equals(asSaved(has.modulesToSave(), has))) {
            throw disagree("modules_to_save", said.modulesToSave(), has.modulesToSave(), said);
        }
        return said.dropout() < 0 ? has : has.withDropout(said.dropout());
    }

    /** Targets may be spelled in many ways; these are the layers they come to. */
    private static Set<String> matched(LoraTargets targets, CausalLM model) {
        Set<String> paths = new TreeSet<>();
        model.modules()
                .forEach((path, m) -> {
                    boolean takesOne = m instanceof Linear && m != model.parts().head();
                    if (takesOne && targets.matches(path)) {
                        paths.add(path);
                    }
                });
        return paths;
    }

    private static RequestException disagree(
            String key, Object said, Object has, Method.LoRA method) {
        return new RequestException(
                "method."
                        + key
                        + " is "
                        + said
                        + ", but the adapter in "
                        + method.initAdapter().orElseThrow()
                        + " has "
                        + has
                        + "; leave method."
                        + key
                        + " away or make it agree");
    }
}
