package org.lugha.models.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.lugha.models.Quantization;
import org.lugha.models.peft.DyLora;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.peft.PeftFiles;

/** The section {@code method}: what is trained. A key that its type has no use for is refused. */
final class MethodParser {
    /** Keys of every adapter. */
    private static final List<String> SHARED = List.of("type", "init_adapter", "under");

    /** Keys of LoRA and its kin. */
    private static final List<String> LORA = LoraSection.KEYS;

    /** Keys of a base in few bits. */
    private static final List<String> FEW =
            List.of("quantization", "double_quantization", "block_size", "keep");

    /** Each type with its keys beside {@code type}. */
    private static final SequencedMap<String, List<String>> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("full", List.of("type", "freeze", "train"));
        TYPES.put("lora", joined(SHARED, LORA));
        TYPES.put("qlora", joined(joined(SHARED, LORA), FEW));
        TYPES.put("dylora", joined(joined(SHARED, LORA), List.of("frozen")));
        TYPES.put("qdylora", joined(TYPES.get("dylora"), FEW));
        TYPES.put("ia3", joined(SHARED, SoftSection.IA3));
        TYPES.put("prompt", joined(SHARED, SoftSection.PROMPT));
        TYPES.put("prefix", joined(SHARED, SoftSection.PREFIX));
        TYPES.put("bitfit", joined(SHARED, SoftSection.BITFIT));
        TYPES.put("adapter", joined(SHARED, BottleneckSection.KEYS));
    }

    private static final Lora DEFAULT =
            new Lora(
                    16,
                    32,
                    LoraTargets.names(
                            "q_proj",
                            "k_proj",
                            "v_proj",
                            "o_proj",
                            "gate_proj",
                            "up_proj",
                            "down_proj"));

    private final Section m;

    private MethodParser(Section section) {
        m = section;
    }

    static Method read(Section root) {
        String[] keys =
                TYPES.values().stream().flatMap(List::stream).distinct().toArray(String[]::new);
        return new MethodParser(root.section("method", keys)).read();
    }

    private Method read() {
        String type = m.choice("type", "lora", List.copyOf(TYPES.keySet()));
        List<String> keys = TYPES.get(type);
        m.only("type: " + type, keys);
        return type.equals("full")
                ? new Method.Full(
                        new Freezing(m.strings("freeze", List.of()), m.strings("train", List.of())))
                : peft(type);
    }

    private Method peft(String type) {
        Optional<Path> init = m.file("init_adapter");
        List<Path> under = m.strings("under", List.of()).stream().map(Path::of).toList();
        Optional<PeftConfig> has = init.map(PeftFiles::read);
        boolean few = type.startsWith("q");
        return new Method.Peft(
                config(type, has),
                init,
                under,
                few ? Optional.of(quantization()) : Optional.empty());
    }

    private Quantization quantization() {
        String type = m.choice("quantization", "nf4", List.of("nf4", "int8"));
        boolean nf4 = type.equals("nf4");
        for (String key : List.of("double_quantization", "block_size")) {
            m.refuse(key, !nf4 && m.has(key), "int8 has one scale a row; leave it away");
        }
        return new Quantization(
                Quantization.Type.of("method.quantization", type),
                nf4 ? m.integer("block_size", Quantization.BLOCK, 16) : Quantization.BLOCK,
                nf4 && m.flag("double_quantization", true),
                m.strings("keep", List.of()));
    }

    private PeftConfig config(String type, Optional<PeftConfig> has) {
        SoftSection soft = new SoftSection(m, has);
        return switch (type) {
            case "ia3" -> soft.ia3();
            case "prompt" -> soft.prompt();
            case "prefix" -> soft.prefix();
            case "bitfit" -> soft.bitFit();
            case "adapter" -> new BottleneckSection(m).read(has);
            case "dylora", "qdylora" -> {
                boolean frozen = has.orElse(null) instanceof DyLora(_, boolean f) && f;
                yield new DyLora(lora(has), m.flag("frozen", frozen));
            }
            default -> lora(has);
        };
    }

    /** What is said, and beyond that what the adapter to start from has, or the defaults. */
    private Lora lora(Optional<PeftConfig> has) {
        Lora like =
                switch (has.orElse(DEFAULT)) {
                    case Lora lora -> lora;
                    case DyLora(Lora lora, _) -> lora;
                    default -> DEFAULT;
                };
        return new LoraSection(m).read(like);
    }

    private static List<String> joined(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }
}
