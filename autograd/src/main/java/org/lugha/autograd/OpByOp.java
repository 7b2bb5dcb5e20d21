package org.lugha.autograd;

import java.util.List;
import java.util.Optional;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;

/**
 * Which op of a composition is wrong: each one that the tape recorded is checked by itself, on what
 * it was given there.
 */
final class OpByOp {
    private OpByOp() {}

    /** One line about the first that is wrong, or that none is; nothing about a single op. */
    static Optional<String> verdict(Projection phi, double tolerance) {
        return phi.recorded(nodes -> nodes.size() < 2 ? Optional.empty() : among(nodes, tolerance));
    }

    private static Optional<String> among(List<Context> nodes, double tolerance) {
        int unknown = 0;
        for (Context node : nodes) {
            Tensor[] given = given(node);
            if (given == null) {
                unknown++;
                continue;
            }
            GradCheck.Report r =
                    GradCheck.of(in -> node.recorded().apply(in))
                            .inputs(given)
                            .tolerance(tolerance)
                            .brief();
            if (!r.passes(tolerance)) {
                return Optional.of(
                        "of the "
                                + nodes.size()
                                + " ops here one is wrong by itself: "
                                + r.firstLine());
            }
        }
        return Optional.of(
                "each of the "
                        + (nodes.size() - unknown)
                        + " ops here is right by itself"
                        + (unknown == 0 ? "" : ", " + unknown + " could not be checked")
                        + ": look at how they are put together");
    }

    /** Null where it was freed meanwhile or cannot be checked. */
    private static Tensor[] given(Context node) {
        Tensor[] given = new Tensor[node.inputs()];
        for (int i = 0; i < given.length; i++) {
            given[i] = node.input(i);
            DType type = given[i].dtype();
            if (!given[i].storage().isAlive() || (type != DType.F64 && type != DType.I32)) {
                return null;
            }
        }
        return given;
    }
}
