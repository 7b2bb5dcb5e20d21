package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;

/** An op without a gradient property fails the build. */
class EveryOpTest {
    private static final String PROPERTY = "gradientMatchesCentralDifferences";

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
    void everyOpHasAGradientProperty() throws Exception {
        List<Class<?>> ops = ops();
        assertTrue(ops.contains(Softmax.class) && ops.size() >= 17, "found only " + ops);
        assertEquals(List.of(), withoutProperty(ops));
    }

    @Test
    void anOpWithoutOneIsFound() {
        assertEquals(List.of("Untested"), withoutProperty(List.of(Softmax.class, Untested.class)));
        assertEquals(List.of("Check"), withoutProperty(List.of(Check.class)));
    }

    private static List<Class<?>> ops() throws IOException, URISyntaxException {
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

    private static List<String> withoutProperty(List<Class<?>> ops) {
        return ops.stream()
                .map(Class::getSimpleName)
                .filter(name -> {
                    Class<?> test = load(name + "Test");
                    return test == null
                            || Arrays.stream(test.getDeclaredMethods())
                                    .noneMatch(m ->
                                            m.getName().equals(PROPERTY)
                                                    && m.isAnnotationPresent(Property.class));
                })
                .toList();
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
