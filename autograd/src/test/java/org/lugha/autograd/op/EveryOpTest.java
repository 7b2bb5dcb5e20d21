package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;

/**
 * An op without a property of its gradient, checked on the reference, and one of its devices,
 * checked against the reference, fails the build.
 */
class EveryOpTest {
    private static final List<String> PROPERTIES =
            List.of("gradientMatchesCentralDifferences", "agreesOnAllDevices");

    /** Has no test class. */
    record Untested() implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            return in[0];
        }

        @Override
        public void backward(Context ctx, Tensor dy) {}
    }

    @Test
    void everyOpHasItsProperties() throws Exception {
        List<Class<?>> ops = ops();
        assertTrue(ops.contains(Softmax.class) && ops.size() >= 17, "found only " + ops);
        assertEquals(List.of(), missing(ops));
    }

    @Test
    void aMissingPropertyIsFound() {
        assertEquals(
                List.of(
                        "UntestedTest.gradientMatchesCentralDifferences",
                        "UntestedTest.agreesOnAllDevices"),
                missing(List.of(Softmax.class, Untested.class)));
        assertFalse(hasProperty(AddTest.class, "keepsNothing"), "a test is no property");
    }

    /** Every op of the package. */
    static List<Class<?>> ops() throws IOException, URISyntaxException {
        Path classes =
                Path.of(Softmax.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.list(classes.resolve("org/lugha/autograd/op"))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".class") && !f.equals("package-info.class"))
                    .<Class<?>>map(f -> load(f.substring(0, f.length() - ".class".length())))
                    .filter(Op.class::isAssignableFrom)
                    .toList();
        }
    }

    private static List<String> missing(List<Class<?>> ops) {
        List<String> missing = new ArrayList<>();
        for (Class<?> op : ops) {
            String name = op.getSimpleName() + "Test";
            Class<?> test = load(name);
            for (String property : PROPERTIES) {
                if (test == null || !hasProperty(test, property)) {
                    missing.add(name + "." + property);
                }
            }
        }
        return missing;
    }

    private static boolean hasProperty(Class<?> test, String name) {
        return Arrays.stream(test.getDeclaredMethods())
                .anyMatch(m -> m.getName().equals(name) && m.isAnnotationPresent(Property.class));
    }

    /** Null where there is none. */
    private static Class<?> load(String name) {
        try {
            return Class.forName("org.lugha.autograd.op." + name);
        } catch (ClassNotFoundException _) {
            return null;
        }
    }
}
