package org.lugha.runtime.spi;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.lugha.runtime.Device;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Storage;
import org.lugha.runtime.Tensor;

/**
 * A kernel family that a device lacks, computed by a host device: every Tensor is copied in (those
 * of a Quantized too), every Into copied out. It can be generic because reading and writing are
 * visible in the types. Says so once a family, so a slow fallback is never silent.
 */
public final class HostFallback {
    private static final System.Logger LOG = System.getLogger("org.lugha.runtime");

    private final Device host;
    private final Map<Storage, Tensor> wholes = new LinkedHashMap<>();
    private final Map<Storage, Tensor> writtenWholes = new LinkedHashMap<>();
    private final Map<Tensor, Tensor> writtenParts = new LinkedHashMap<>();

    private HostFallback(Device host) {
        this.host = host;
    }

    /** {@code family} as computed by {@code host} for tensors of {@code deviceName}. */
    public static <K> K of(Class<K> family, K kernel, Device host, String deviceName) {
        var said = new AtomicBoolean();
        return family.cast(
                Proxy.newProxyInstance(
                        family.getClassLoader(),
                        new Class<?>[] {family},
                        (_, method, args) -> {
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
                            try (var _ = Scope.open("host fallback")) {
                                HostFallback call = new HostFallback(host);
                                Object result = method.invoke(kernel, call.copyIn(args));
                                call.copyOut();
                                return result;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    private Object[] copyIn(Object[] args) {
        Object[] there = new Object[args.length];
        for (int i = 0; i < args.length; i++) {
            there[i] =
                    switch (args[i]) {
                        case Tensor t -> t.layout().isContiguous() ? part(t, true) : strided(t);
                        case Quantized w -> w.map(t -> part(t, true));
                        case Into(Tensor t, float beta) -> new Into(written(t, beta), beta);
                        case null, default -> args[i];
                    };
        }
        return there;
    }

    private Tensor written(Tensor t, float beta) {
        if (t.layout().isContiguous()) {
            Tensor there = part(t, beta != 0);
            writtenParts.put(t, there);
            return there;
        }
        Tensor there = strided(t);
        writtenWholes.put(t.storage(), wholes.get(t.storage()));
        return there;
    }

    /** A contiguous tensor alone; its elements only if they are read. */
    private Tensor part(Tensor t, boolean isRead) {
        return isRead ? t.to(host) : Tensor.empty(host, t.dtype(), t.shape());
    }

    /**
     * The same view of a copy of the whole storage. Views of one storage share one copy: gradients
     * of queries, keys and values may lie interleaved in it.
     */
    private Tensor strided(Tensor t) {
        Tensor whole =
                wholes.computeIfAbsent(
                        t.storage(),
                        storage -> {
                            int count = Math.toIntExact(storage.bytes() / t.dtype().bytes());
                            Tensor copy = Tensor.empty(host, t.dtype(), Shape.of(count));
                            storage.device().memory().read(storage.memory(), copy.memory());
                            return copy;
                        });
        return new Tensor(whole.storage(), t.layout(), t.dtype());
    }

    /** Whole storages first: what is written to a contiguous part of one lies on top. */
    private void copyOut() {
        writtenWholes.forEach((storage, whole) ->
                storage.device().memory().write(whole.memory(), storage.memory()));
        writtenParts.forEach((t, there) -> t.device().memory().write(there.memory(), t.memory()));
    }
}
