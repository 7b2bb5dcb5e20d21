package org.lugha.models.testing;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import org.lugha.runtime.Device;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Memory;

/**
 * A device on which one call fails, whichever a test asks for: the n-th allocation, or the n-th
 * call of a kernel.
 */
public final class Faults {
    private final Device real;
    private long calls;
    private long allocations;
    private long failingCall;
    private long failingAllocation;

    public Faults(Device real) {
        this.real = real;
    }

    public Device device() {
        return new Pools.Watched(new Failing(), kernels());
    }

    /** Calls of kernels so far. */
    public long calls() {
        return calls;
    }

    public long allocations() {
        return allocations;
    }

    /** From now on; 0 for none. */
    public void failAtCall(long n) {
        failingCall = n == 0 ? 0 : calls + n;
    }

    /** From now on; 0 for none. */
    public void failAtAllocation(long n) {
        failingAllocation = n == 0 ? 0 : allocations + n;
    }

    private Kernels kernels() {
        try {
            RecordComponent[] families = Kernels.class.getRecordComponents();
            Object[] all = new Object[families.length];
            for (int i = 0; i < all.length; i++) {
                Class<?> type = families[i].getType();
                Object kernel = families[i].getAccessor().invoke(real.kernels());
                all[i] =
                        Proxy.newProxyInstance(
                                type.getClassLoader(),
                                new Class<?>[] {type},
                                (_, method, args) -> {
                                    if (++calls == failingCall) {
                                        throw new IllegalStateException("a kernel fails");
                                    }
                                    try {
                                        return method.invoke(kernel, args);
                                    } catch (InvocationTargetException e) {
                                        throw e.getCause();
                                    }
                                });
            }
            Constructor<?> kernels = Kernels.class.getDeclaredConstructors()[0];
            return (Kernels) kernels.newInstance(all);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Failing implements Memory {
        @Override
        public MemorySegment allocate(long bytes, String owner) {
            if (++allocations == failingAllocation) {
                throw new DeviceException("out of memory, says the test");
            }
            return real.memory().allocate(bytes, owner);
        }

        @Override
        public void free(MemorySegment block, long bytes) {
            real.memory().free(block, bytes);
        }

        @Override
        public void write(MemorySegment host, MemorySegment device) {
            real.memory().write(host, device);
        }

        @Override
        public void read(MemorySegment device, MemorySegment host) {
            real.memory().read(device, host);
        }

        @Override
        public Usage usage() {
            return real.memory().usage();
        }

        @Override
        public void resetPeak() {
            real.memory().resetPeak();
        }
    }
}
