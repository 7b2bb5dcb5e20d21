package org.lugha.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.FreedTensorException;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.host.HostDevice;
import org.lugha.runtime.host.SlabPool;
import org.lugha.runtime.host.StrictPool;
import org.lugha.runtime.measure.Family;
import org.lugha.runtime.plan.PlannedDevice;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Memory;

/** No kernel of any device computes with a freed operand, whichever of them it is. */
class UseAfterFreeTest {
    private static final SlabPool POOL = new SlabPool(1L << 40);
    private int tried;

    static Stream<Arguments> cases() {
        return SmallCases.all()
                .flatMap(text ->
                        Stream.of("cpu strict", "cpu pooled", "reference strict", "plan")
                                .filter(d -> !(d.startsWith("reference") && isSlow(text)))
                                .map(d -> Arguments.of(text, d)));
    }

    /** Plain loops over half a million elements take their time, and each is run but once. */
    private static boolean isSlow(String text) {
        return text.startsWith("gemm") || text.startsWith("loss 67x48");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_freed_operand_is_caught(String text, String deviceAndMemory) {
        Device device = watched(deviceAndMemory);
        try (var _ = Scope.open("operands")) {
            Family.of(text).setup().on(device).run();
        }
        assertTrue(tried > 1, text + " has operands");
        assertEquals(0, device.memory().usage().live());
    }

    private Device watched(String deviceAndMemory) {
        if (deviceAndMemory.equals("plan")) {
            PlannedDevice plan = new PlannedDevice(Devices.get("cpu"));
            return new Watched(plan, watched(plan.kernels()));
        }
        String name = deviceAndMemory.split(" ", 2)[0];
        Memory memory = deviceAndMemory.endsWith("strict") ? new StrictPool(1L << 40) : POOL;
        return new HostDevice(name, "", memory, watched(Devices.get(name).kernels()));
    }

    /** A plan under these kernels. */
    private record Watched(PlannedDevice plan, Kernels kernels) implements Device {
        @Override
        public String name() {
            return plan.name();
        }

        @Override
        public String description() {
            return plan.description();
        }

        @Override
        public Memory memory() {
            return plan.memory();
        }

        @Override
        public boolean isHost() {
            return false;
        }

        @Override
        public boolean computes() {
            return false;
        }
    }

    /** Each call is first tried with every operand freed in turn. */
    private Kernels watched(Kernels kernels) {
        RecordComponent[] families = Kernels.class.getRecordComponents();
        Object[] all = new Object[families.length];
        try {
            for (int i = 0; i < all.length; i++) {
                Class<?> type = families[i].getType();
                Object kernel = families[i].getAccessor().invoke(kernels);
                all[i] =
                        Proxy.newProxyInstance(
                                type.getClassLoader(),
                                new Class<?>[] {type},
                                (_, method, args) -> {
                                    for (int a = 0; a < args.length; a++) {
                                        tryFreed(kernel, method, args, a);
                                    }
                                    return invoke(kernel, method, args);
                                });
            }
            return (Kernels) Kernels.class.getDeclaredConstructors()[0].newInstance(all);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void tryFreed(Object kernel, Method method, Object[] args, int index) {
        for (Object freed : freed(args[index])) {
            Object[] changed = args.clone();
            changed[index] = freed;
            tried++;
            assertThrows(
                    FreedTensorException.class,
                    () -> invoke(kernel, method, changed),
                    () -> method + " with operand " + index + " freed");
        }
    }

    private static Object invoke(Object kernel, Method method, Object... args) throws Throwable {
        try {
            return method.invoke(kernel, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static List<Object> freed(Object operand) {
        return switch (operand) {
            case Tensor t -> List.of(freed(t));
            case Into(Tensor t, float beta) -> List.of(new Into(freed(t), beta));
            case Quantized w -> {
                AtomicInteger parts = new AtomicInteger();
                w.map(t -> {
                    parts.incrementAndGet();
                    return t;
                });
                List<Object> all = new ArrayList<>();
                for (int i = 0; i < parts.get(); i++) {
                    AtomicInteger left = new AtomicInteger(i);
                    all.add(w.map(t -> left.getAndDecrement() == 0 ? freed(t) : t));
                }
                yield all;
            }
            case null, default -> List.of();
        };
    }

    /** A tensor of the same layout in a block that went back. */
    private static Tensor freed(Tensor like) {
        try (var _ = Scope.open("gone")) {
            int count = Math.toIntExact(like.storage().bytes() / like.dtype().bytes());
            Tensor whole = Tensor.empty(like.device(), like.dtype(), Shape.of(count));
            return new Tensor(whole.storage(), like.layout(), like.dtype());
        }
    }
}
