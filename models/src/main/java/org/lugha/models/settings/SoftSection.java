package org.lugha.models.settings;

import java.util.List;
import java.util.Optional;
import org.lugha.models.peft.BitFit;
import org.lugha.models.peft.Ia3;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.peft.PrefixTuning;
import org.lugha.models.peft.PromptStart;
import org.lugha.models.peft.PromptTuning;

/**
 * The keys of {@code method} of IA3, prompts, prefixes and BitFit; what is not said is as in
 * another.
 */
final class SoftSection {
    static final List<String> IA3 = List.of("targets", "feedforward", "modules_to_save");
    static final List<String> PROMPT =
            List.of("virtual_tokens", "prompt_init", "prompt_text", "prompt_tokenizer");
    static final List<String> PREFIX = List.of("virtual_tokens", "projection", "projection_size");
    static final List<String> BITFIT = List.of("targets");

    private final Section m;
    private final Optional<PeftConfig> has;

    SoftSection(Section section, Optional<PeftConfig> has) {
        m = section;
        this.has = has;
    }

    Ia3 ia3() {
        Ia3 like = like(Ia3.class, Ia3.usual());
        return new Ia3(
                m.targets("targets", like.targets()),
                m.targets("feedforward", like.feedforward()),
                m.strings("modules_to_save", like.modulesToSave()));
    }

    PromptTuning prompt() {
        PromptTuning like =
                like(PromptTuning.class, new PromptTuning(20, new PromptStart.Random()));
        String usual =
                switch (like.start()) {
                    case PromptStart.Random _ -> "random";
                    case PromptStart.Vocabulary _ -> "vocabulary";
                    case PromptStart.Text _ -> "text";
                };
        int tokens = m.integer("virtual_tokens", like.tokens(), 1);
        String init = m.choice("prompt_init", usual, List.of("random", "vocabulary", "text"));
        if (!init.equals("text") && (m.has("prompt_text") || m.has("prompt_tokenizer"))) {
            throw m.wrong("prompt_init", "text where prompt_text or prompt_tokenizer is", init);
        }
        return new PromptTuning(
                tokens,
                switch (init) {
                    case "vocabulary" -> new PromptStart.Vocabulary();
                    case "text" -> text(like.start());
                    default -> new PromptStart.Random();
                });
    }

    private PromptStart text(PromptStart like) {
        if (like instanceof PromptStart.Text text && !m.has("prompt_text")) {
            return text;
        }
        return new PromptStart.Text(
                m.required("prompt_text", "'Answer in Swahili:'"),
                m.required("prompt_tokenizer", "path/to/model"));
    }

    PrefixTuning prefix() {
        PrefixTuning like = like(PrefixTuning.class, new PrefixTuning(30, false, 0));
        return new PrefixTuning(
                m.integer("virtual_tokens", like.tokens(), 1),
                m.flag("projection", like.isProjected()),
                m.integer("projection_size", like.inner(), 1));
    }

    BitFit bitFit() {
        return new BitFit(m.targets("targets", like(BitFit.class, new BitFit()).targets()));
    }

    private <C extends PeftConfig> C like(Class<C> type, C otherwise) {
        return has.filter(type::isInstance).map(type::cast).orElse(otherwise);
    }
}
