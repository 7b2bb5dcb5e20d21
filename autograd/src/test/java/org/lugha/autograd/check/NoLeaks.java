package org.lugha.autograd.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.util.List;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.lugha.runtime.Scope;

/**
 * Runs every test of this module, and every try of a property, in a scope of its own, and fails one
 * that leaves live bytes on the reference device. Registered for both engines in {@code
 * META-INF/services}.
 */
public final class NoLeaks implements InvocationInterceptor, AroundTryHook {

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext extensionContext)
            throws Throwable {
        long before = live();
        try (var _ = Scope.open("test")) {
            invocation.proceed();
        }
        requireNothingLeft(before);
    }

    @Override
    public TryExecutionResult aroundTry(
            TryLifecycleContext context, TryExecutor aTry, List<Object> parameters) {
        long before = live();
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

    /** Bytes handed out by the reference device now. */
    public static long live() {
        return Tensors.REFERENCE.memory().usage().live();
    }

    static void requireNothingLeft(long before) {
        assertEquals(before, live(), "live bytes after the test, those before it expected");
    }
}
