package org.lugha.runtime.measure;

import java.util.List;
import java.util.stream.Collectors;

/** The cases of one kernel family. */
public interface Family {
    /** Every family that has cases. */
    List<Family> ALL =
            List.of(
                    new Gemm(),
                    new Quant(),
                    new Attention(),
                    new Loss(),
                    new Norm(),
                    new Gate(),
                    new Rope(),
                    new Softmax(),
                    new Optimizer(),
                    new Reduce(),
                    new Index(),
                    new Copy());

    /** The first word of its cases. */
    String name();

    /** Sizes and words its cases take, in one line. */
    String grammar();

    /** Cases worth a look, each as {@link Case#toString} gives it. */
    List<String> standard();

    /**
     * The work of a case.
     *
     * @throws IllegalArgumentException when its sizes or words mean nothing here
     */
    Workload workload(Case c);

    /** The family of this name. */
    static Family named(String name) {
        return ALL.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "family '"
                                        + name
                                        + "' is not known; there are "
                                        + ALL.stream()
                                                .map(Family::name)
                                                .collect(Collectors.joining(", "))));
    }

    /** The work of a case written out. */
    static Workload of(String text) {
        Case c = Case.of(text);
        return named(c.family()).workload(c);
    }
}
