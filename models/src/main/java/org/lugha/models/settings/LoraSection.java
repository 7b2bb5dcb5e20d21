package org.lugha.models.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraOptions;
import org.lugha.models.peft.LoraOptions.Biases;
import org.lugha.models.peft.LoraPatterns;
import org.lugha.models.peft.LoraStart;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.SavedModules;
import tools.jackson.databind.JsonNode;

/** LoRA's keys of the section {@code method}; what is not said is as in another LoRA. */
final class LoraSection {
    static final List<String> KEYS =
            List.of(
                    "rank",
                    "alpha",
                    "dropout",
                    "targets",
                    "exclude",
                    "layers",
                    "layers_pattern",
                    "rank_pattern",
                    "alpha_pattern",
                    "rslora",
                    "dora",
                    "bias",
                    "lora_bias",
                    "init",
                    "modules_to_save",
                    "token_indices");

    private final Section m;

    LoraSection(Section section) {
        m = section;
    }

    Lora read(Lora like) {
        LoraOptions options = like.options();
        return new Lora(
                m.integer("rank", like.rank(), 1),
                m.number("alpha", like.alpha(), 1e-6, 1e6),
                m.number("dropout", like.dropout(), 0, 0.99),
                targets(like.targets()),
                new SavedModules(
                        m.strings("modules_to_save", like.modulesToSave()),
                        like.ensureWeightTying(),
                        tokens(like.saved().tokens())),
                new LoraOptions(
                        m.flag("rslora", options.rankStabilised()),
                        m.flag("dora", options.dora()),
                        m.one("bias", options.bias(), Biases.values()),
                        m.flag("lora_bias", options.outputBias()),
                        m.one("init", options.start(), LoraStart.values())),
                new LoraPatterns(
                        map("rank_pattern", like.patterns().ranks(), Section::integerOf),
                        map("alpha_pattern", like.patterns().alphas(), Section::numberOf)));
    }

    private LoraTargets targets(LoraTargets like) {
        LoraTargets all = m.targets("targets", like);
        boolean narrows = m.has("exclude") || m.has("layers") || m.has("layers_pattern");
        LoraTargets exclude = m.has("exclude") ? m.targets("exclude", like) : null;
        List<Integer> layers = integers("layers");
        List<String> patterns = m.strings("layers_pattern", List.of());
        return narrows ? new LoraTargets.Narrowed(all, exclude, layers, patterns) : all;
    }

    private List<Integer> integers(String key) {
        JsonNode said = m.raw(key);
        return said.isNull() ? List.of() : m.integersOf(key, said);
    }

    /** A list of ids is meant for the input embedding, a mapping names tables. */
    private SequencedMap<String, List<Integer>> tokens(SequencedMap<String, List<Integer>> like) {
        JsonNode said = m.raw("token_indices");
        if (said.isNull()) {
            return like;
        }
        SequencedMap<String, List<Integer>> all = new LinkedHashMap<>();
        if (said.isObject()) {
            said.forEachEntry((name, ids) -> all.put(name, m.integersOf("token_indices", ids)));
        } else {
            all.put("", m.integersOf("token_indices", said));
        }
        return all;
    }

    private interface Reading<V> {
        V of(Section section, String key, JsonNode value);
    }

    private <V> SequencedMap<String, V> map(
            String key, SequencedMap<String, V> like, Reading<V> each) {
        JsonNode said = m.raw(key);
        if (said.isNull()) {
            return like;
        }
        if (!said.isObject()) {
            throw m.wrong(key, "a mapping of patterns to numbers", said.toString());
        }
        SequencedMap<String, V> all = new LinkedHashMap<>();
        said.forEachEntry((pattern, v) -> all.put(pattern, each.of(m, key, v)));
        return all;
    }
}
