package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.lugha.models.tokenizer.Description;
import org.lugha.models.tokenizer.Fertility;
import org.lugha.models.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha tokenizer info --tokenizer DIR}. */
@Command(
        name = "info",
        description =
                "What a tokenizer consists of, and how finely it cuts the words of languages.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  lugha tokenizer info --tokenizer base --input swh=swahili.txt eng=english.txt"
        })
public final class TokenizerInfo implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TokenizerOption tokenizer;

    @Option(
            names = "--input",
            arity = "1..*",
            paramLabel = "[LANG=]FILE",
            description =
                    "Texts, .txt, .jsonl or .tsv, to count tokens in. Without LANG, a row's own"
                            + " language counts, or else the file's name.")
    private List<String> input = List.of();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Tokenizer t = tokenizer.load();
        LanguageTexts texts = new LanguageTexts(t);
        for (String one : input) {
            int sign = Files.exists(Path.of(one)) ? -1 : one.indexOf('=');
            texts.read(sign <= 0 ? null : one.substring(0, sign), Path.of(one.substring(sign + 1)));
        }
        ObjectNode all = describe(t.describe());
        languages(texts.byLanguage(), all);
        if (json) {
            spec.commandLine().getOut().println(JsonMapper.shared().writeValueAsString(all));
        } else {
            new TokenizerInfoText(all).lines().forEach(spec.commandLine().getOut()::println);
        }
        return 0;
    }

    private static ObjectNode describe(Description d) {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("type", d.type());
        o.put("vocabulary", d.vocabulary());
        o.put("added_tokens", d.added());
        d.blocks().forEach((name, steps) -> steps.forEach(o.putArray(name)::add));
        var special = o.putArray("special_tokens");
        d.special().forEach((token, id) -> special.addObject().put("id", id).put("token", token));
        ObjectNode roles = o.putObject("roles");
        d.roles().forEach(roles::put);
        return o;
    }

    private static void languages(SequencedMap<String, Fertility> byLanguage, ObjectNode to) {
        if (byLanguage.isEmpty()) {
            return;
        }
        ObjectNode languages = to.putObject("languages");
        byLanguage.forEach((language, f) -> {
            ObjectNode o = languages.putObject(language);
            o.put("texts", f.texts()).put("words", f.words()).put("characters", f.characters());
            o.put("bytes", f.bytes()).put("tokens", f.tokens());
            number(o, "fertility", f.fertility());
            number(o, "tokens_per_character", f.tokensPerCharacter());
            number(o, "bytes_per_token", f.bytesPerToken());
            number(o, "unknown_share", f.unknownShare());
            number(o, "continued_word_share", f.continuedWords());
        });
    }

    private static void number(ObjectNode o, String key, double value) {
        if (Double.isFinite(value)) {
            o.put(key, value);
        } else {
            o.putNull(key);
        }
    }
}
