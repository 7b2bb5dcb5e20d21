package org.lugha.runtime.cpu;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * A kernel of the reference as this device falls back to it: the first time it computes with other
 * floats than F32 it says so, since plain loops may be a hundred times slower.
 */
final class SlowPath {
    private static final System.Logger LOG = System.getLogger("org.lugha.runtime");

    private SlowPath() {}

    /** {@code kernel}, which logs a warning once. */
    static <K> K of(Class<K> family, K kernel) {
        return of(family, kernel, words -> LOG.log(Level.WARNING, words));
    }

    /** The same for another listener. */
    static <K> K of(Class<K> family, K kernel, Consumer<String> warning) {
        var said = new AtomicBoolean();
        return family.cast(
                Proxy.newProxyInstance(
                        family.getClassLoader(),
                        new Class<?>[] {family},
                        (_, method, args) -> {
                            Set<DType> types = said.get() ? Set.of() : types(args);
                            if (!types.isEmpty() && said.compareAndSet(false, true)) {
                                warning.accept(
                                        "cpu has no "
                                                + family.getSimpleName()
                                                + " for "
                                                + types
                                                + ": the reference computes it, slowly");
                            }
                            try {
                                return method.invoke(kernel, args);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    /** Those of the call that are not meant to be fast here; ids are only moved. */
    private static Set<DType> types(Object... args) {
        Set<DType> types = EnumSet.noneOf(DType.class);
        for (Object a : args == null ? new Object[0] : args) {
            switch (a) {
                case Tensor t -> types.add(t.dtype());
                case Into(Tensor t, float _) -> types.add(t.dtype());
                case null, default -> {}
            }
        }
        types.removeIf(t -> t == DType.F32 || !t.isFloat());
        return types;
    }
}
