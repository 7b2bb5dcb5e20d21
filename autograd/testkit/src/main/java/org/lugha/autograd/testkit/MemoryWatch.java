package org.lugha.autograd.testkit;

import java.lang.reflect.Method;
import java.util.List;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;

/**
 * What {@link StrictMemory} switches on, in both engines: Jupiter's extensions do not run around
 * jqwik's tries, so it is an extension and a hook.
 */
public final class MemoryWatch implements InvocationInterceptor, AroundTryHook {

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext extensionContext)
            throws Throwable {
        watch(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext extensionContext)
            throws Throwable {
        watch(invocation);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation,
            DynamicTestInvocationContext invocationContext,
            ExtensionContext extensionContext)
            throws Throwable {
        watch(invocation);
    }

    private static void watch(Invocation<Void> test) throws Throwable {
        List<Long> before = Available.live();
        try (var _ = Scope.open("test")) {
            test.proceed();
        }
        requireNothingLeft(before);
    }

    @Override
    public TryExecutionResult aroundTry(
            TryLifecycleContext context, TryExecutor aTry, List<Object> parameters) {
        List<Long> before = Available.live();
        TryExecutionResult result;
        try (var _ = Scope.open("test")) {
            result = aTry.execute(parameters);
        }
        if (result.isSatisfied()) {
            try {
                requireNothingLeft(before);
            } catch (AssertionError leak) {
                return TryExecutionResult.falsified(leak);
            }
        }
        return result;
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    /**
     * Every device has these live bytes.
     *
     * @throws AssertionError for the first that has others
     */
    static void requireNothingLeft(List<Long> before) {
        List<Long> now = Available.live();
        for (int i = 0; i < before.size(); i++) {
            if (!now.get(i).equals(before.get(i))) {
                Device device = Available.devices().get(i);
                throw new AssertionError(
                        "live bytes on "
                                + device.name()
                                + ": "
                                + before.get(i)
                                + " before, "
                                + now.get(i)
                                + " after; close the parameters and modules that were made, and let"
                                + " a scope own every tensor");
            }
        }
    }
}
