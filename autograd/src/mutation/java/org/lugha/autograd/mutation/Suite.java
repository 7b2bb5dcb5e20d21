package org.lugha.autograd.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs the properties of one test class after the other until one fails. */
record Suite(int tries) {

    /** What failed first; nothing when every property held. */
    Optional<Throwable> failure(Mutant m, Map<String, byte[]> classes) throws Exception {
        Isolated loader = new Isolated(classes);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            for (String test : m.tests()) {
                Class<?> type = loader.loadClass("org.lugha.autograd.op." + test);
                Optional<Throwable> failure = failure(type);
                if (failure.isPresent()) {
                    return failure;
                }
            }
            return Optional.empty();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** By name: jqwik's classes are loaded anew for every mutant. */
    private static boolean isProperty(Method m) {
        return Arrays.stream(m.getAnnotations())
                .anyMatch(a -> a.annotationType().getName().equals("net.jqwik.api.Property"));
    }

    private Optional<Throwable> failure(Class<?> test) {
        List<MethodSelector> properties =
                Arrays.stream(test.getDeclaredMethods())
                        .filter(Suite::isProperty)
                        .map((Method m) -> selectMethod(test, m))
                        .toList();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(properties)
                        .configurationParameter("jqwik.tries.default", "" + tries)
                        .configurationParameter("jqwik.shrinking.default", "OFF")
                        .configurationParameter("jqwik.edgecases.default", "MIXIN")
                        .configurationParameter("jqwik.database", "")
                        .configurationParameter("jqwik.reporting.onlyfailures", "true")
                        .build();
        var listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        var summary = listener.getSummary();
        if (summary.getTestsFoundCount() == 0) {
            throw new IllegalStateException(test.getSimpleName() + " has no property");
        }
        return summary.getFailures().stream().map(f -> f.getException()).findFirst();
    }
}
