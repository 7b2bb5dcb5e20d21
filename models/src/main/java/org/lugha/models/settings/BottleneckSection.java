package org.lugha.models.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lugha.models.adapters.Bottleneck;
import org.lugha.models.peft.BottleneckAdapters;
import org.lugha.models.peft.BottleneckKind;
import org.lugha.models.peft.PeftConfig;

/** The keys of {@code method} of bottleneck adapters; what is not said is as the kind has it. */
final class BottleneckSection {
    static final List<String> KEYS =
            List.of(
                    "kind",
                    "reads",
                    "reduction_factor",
                    "bottleneck",
                    "non_linearity",
                    "scaling",
                    "dropout",
                    "init_weights",
                    "leave_out",
                    "invertible",
                    "invertible_reduction");

    private final Section m;

    BottleneckSection(Section section) {
        m = section;
    }

    BottleneckAdapters read(Optional<PeftConfig> has) {
        BottleneckAdapters old =
                has.filter(BottleneckAdapters.class::isInstance)
                        .map(BottleneckAdapters.class::cast)
                        .orElse(BottleneckAdapters.usual(BottleneckKind.PFEIFFER));
        BottleneckKind kind = one("kind", old.kind(), BottleneckKind.values());
        BottleneckAdapters like = kind == old.kind() ? old : BottleneckAdapters.usual(kind);
        String activation = BottleneckAdapters.activationName(like.activation());
        String init = like.startsAtZero() ? "mam_adapter" : "bert";
        return new BottleneckAdapters(
                kind,
                like.afterAttention(),
                like.afterMlp(),
                one("reads", like.reads(), Bottleneck.Reads.values()),
                m.number("reduction_factor", like.reductionFactor(), 1e-3, 1e6),
                m.integer("bottleneck", like.size(), 1),
                BottleneckAdapters.activation(
                        m.choice(
                                "non_linearity", activation, BottleneckAdapters.activationNames())),
                m.number("scaling", like.scale(), -1e6, 1e6),
                m.number("dropout", like.dropout(), 0, 0.99),
                m.choice("init_weights", init, List.of("bert", "mam_adapter"))
                        .equals("mam_adapter"),
                leaveOut(like.leaveOut()),
                m.flag("invertible", like.isInvertible()),
                m.number("invertible_reduction", like.inverseReduction(), 1e-3, 1e6));
    }

    private List<Integer> leaveOut(List<Integer> like) {
        double[] given =
                m.numbers("leave_out", like.stream().mapToDouble(Integer::doubleValue).toArray());
        for (double d : given) {
            if (d < 0 || d != Math.rint(d)) {
                throw m.wrong("leave_out", "numbers of layers, from 0", "" + d);
            }
        }
        return Arrays.stream(given).mapToObj(d -> (int) d).toList();
    }

    private <E extends Enum<E>> E one(String key, E otherwise, E[] all) {
        List<String> names = Arrays.stream(all).map(BottleneckSection::text).toList();
        return all[names.indexOf(m.choice(key, text(otherwise), names))];
    }

    private static String text(Enum<?> e) {
        return e.name().toLowerCase(Locale.ROOT);
    }
}
