package org.lugha.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** Properties that do not hold, run by jqwik itself: what it shrinks their tensors to. */
class FalsifiedTest {
    private static boolean isAsked;
    private static final List<Tensor> FAILED = new ArrayList<>();
    private static final List<Tensor> KEPT = new ArrayList<>();

    /** Holds unless the tests below ask. */
    static class Wrong {
        @Property
        void isNarrow(
                @ForAll @Values(edges = {Edge.ZEROS, Edge.LARGE}) @org.lugha.autograd.testkit.Shape
                        Tensor x) {
            if (isAsked && x.shape().rank() >= 2 && x.shape().last() >= 3) {
                FAILED.add(x);
                throw new AssertionError("too wide");
            }
        }

        @Property
        void leaks(@ForAll boolean any) {
            if (!isAsked) {
                return;
            }
            Tensor t = Tensor.zeros(Available.reference(), DType.F32, Shape.of(2));
            t.storage().retain();
            KEPT.add(t);
        }
    }

    @Test
    void shapesShrinkToTheSmallestThatFailsAndValuesToPlainOnes() {
        String report = run("isNarrow").report();
        assertEquals(Shape.of(1, 3), FAILED.getLast().shape(), report);
        assertTrue(report.contains("x: \"F64[1, 3]@reference ["), report);
        for (double v : FAILED.getLast().toArray()) {
            assertEquals(Math.rint(v * 10) / 10, v, "one digit is enough");
            assertTrue(v != 0 && Math.abs(v) <= 2, "no edge values are left: " + v);
        }
    }

    @Test
    void aPropertyThatLeaksIsFalsifiedByTheHook() {
        try {
            String message = run("leaks").error().getMessage();
            assertTrue(message.contains("live bytes on reference: "), message);
        } finally {
            KEPT.forEach(t -> t.storage().release("test"));
            KEPT.clear();
        }
    }

    /** What a property failed with, and what jqwik wrote about it. */
    private record Falsified(Throwable error, String report) {}

    private static Falsified run(String property) {
        String parameter = property.equals("leaks") ? "boolean" : Tensor.class.getName();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectMethod(Wrong.class, property, parameter))
                        .configurationParameter("jqwik.database", "")
                        .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                        .build();
        List<Throwable> errors = new ArrayList<>();
        StringBuilder report = new StringBuilder();
        TestExecutionListener listener =
                new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                        result.getThrowable().ifPresent(errors::add);
                    }

                    @Override
                    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
                        report.append(entry);
                    }
                };
        isAsked = true;
        try {
            LauncherFactory.create().execute(request, listener);
        } finally {
            isAsked = false;
        }
        assertEquals(1, errors.size(), () -> "one property fails: " + errors);
        return new Falsified(errors.getFirst(), report.toString());
    }
}
