package org.lugha.runtime.spi;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/**
 * A kernel family that a device lacks, computed by a host device: every Tensor is copied in, every
 * Into copied out. It can be generic because reading and writing are visible in the types. Says so
 * once a family, so a slow fallback is never silent.
 */
public final class HostFallback {
    private static final System.Logger LOG = System.getLogger("org.lugha.runtime");

    private HostFallback() {}

    /** {@code family} as computed by {@code host} for tensors of {@code deviceName}. */
    public static <K> K of(Class<K> family, K kernel, Device host, String deviceName) {
        var said = new AtomicBoolean();
        return family.cast(
                Proxy.newProxyInstance(
                        family.getClassLoader(),
                        new Class<?>[] {family},
                        (proxy, method, args) -> {
                            if (method.getDeclaringClass() == Object.class) {
                                return method.invoke(kernel, args);
                            }
                            if (said.compareAndSet(false, true)) {
                                LOG.log(
                                        Level.WARNING,
                                        "{0} has no {1} of its own: {2} computes it, with copies",
                                        deviceName,
                                        family.getSimpleName(),
                                        host.name());
                            }
                            return onHost(method, args, kernel, host);
                        }));
    }

    private static Object onHost(Method method, Object[] args, Object kernel, Device host)
            throws Throwable {
        record Copied(Tensor from, Tensor to) {}
        List<Copied> out = new ArrayList<>();
        Object[] there = new Object[args.length];
        try (var _ = Scope.open("host fallback")) {
            for (int i = 0; i < args.length; i++) {
                there[i] =
                        switch (args[i]) {
                            case Tensor t -> t.to(host);
                            case Into(Tensor t, float beta) -> {
                                Tensor h =
                                        beta == 0
                                                ? Tensor.empty(host, t.dtype(), t.shape())
                                                : t.to(host);
                                out.add(new Copied(h, t));
                                yield new Into(h, beta);
                            }
                            case null, default -> args[i];
                        };
            }
            Object result = method.invoke(kernel, there);
            for (Copied c : out) {
                Tensor target = c.to();
                if (target.layout().isContiguous()) {
                    target.device().memory().write(c.from().memory(), target.memory());
                } else {
                    target.device()
                            .kernels()
                            .copy()
                            .copy(c.from().to(target.device()), Into.overwrite(target));
                }
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
