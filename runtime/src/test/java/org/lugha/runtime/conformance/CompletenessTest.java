package org.lugha.runtime.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.spi.Kernels;

class CompletenessTest {
    private static final List<Class<?>> SUITES =
            List.of(
                    CopyConformanceTest.class,
                    ElementwiseConformanceTest.class,
                    ReduceConformanceTest.class,
                    MatmulConformanceTest.class,
                    SoftmaxConformanceTest.class,
                    NormConformanceTest.class,
                    RopeConformanceTest.class,
                    AttentionConformanceTest.class,
                    IndexConformanceTest.class,
                    LossConformanceTest.class,
                    QuantConformanceTest.class,
                    OptimizerConformanceTest.class);

    @Test
    void every_method_of_every_kernel_has_a_case() {
        Map<String, Set<String>> wanted = new TreeMap<>();
        for (RecordComponent c : Kernels.class.getRecordComponents()) {
            for (Method m : c.getType().getDeclaredMethods()) {
                names(wanted, c.getType()).add(m.getName());
            }
        }
        Map<String, Set<String>> covered = new TreeMap<>();
        for (Class<?> suite : SUITES) {
            Class<?> family = suite.getAnnotation(Family.class).value();
            for (Method m : suite.getDeclaredMethods()) {
                if (m.isAnnotationPresent(Covers.class) && m.isAnnotationPresent(Test.class)) {
                    names(covered, family).addAll(List.of(m.getAnnotation(Covers.class).value()));
                }
            }
        }
        assertEquals(wanted, covered);
    }

    private static Set<String> names(Map<String, Set<String>> all, Class<?> family) {
        return all.computeIfAbsent(family.getSimpleName(), _ -> new TreeSet<>());
    }
}
