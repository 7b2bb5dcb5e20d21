package org.lugha.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.lugha.runtime.spi.Into;

/**
 * Numbers on a device: a storage, where its elements lie, and their type. A view is just another
 * record over the same storage. Tensors do not own memory; the scope they were created in does.
 */
public record Tensor(Storage storage, Layout layout, DType dtype) {

    private static final long GENERATED_AT_ONCE = 1 << 16;

    // ---- creation: the innermost open scope of the thread becomes the owner

    /** Uninitialised. */
    public static Tensor empty(Device device, DType dtype, Shape shape) {
        Scope scope = Scope.current();
        long bytes = Math.multiplyExact(shape.count(), (long) dtype.bytes());
        Storage storage = Storage.allocate(device, bytes, scope.name());
        return scope.keep(new Tensor(storage, Layout.contiguous(shape), dtype));
    }

    public static Tensor full(Device device, DType dtype, Shape shape, double value) {
        Tensor t = empty(device, dtype, shape);
        device.kernels().copy().fill(value, Into.overwrite(t));
        return t;
    }

    public static Tensor zeros(Device device, DType dtype, Shape shape) {
        return full(device, dtype, shape, 0);
    }

    public static Tensor of(Device device, Shape shape, float... values) {
        requireCount(shape, values.length);
        return generate(device, DType.F32, shape, i -> values[(int) i]);
    }

    public static Tensor of(Device device, Shape shape, double... values) {
        requireCount(shape, values.length);
        return generate(device, DType.F64, shape, i -> values[(int) i]);
    }

    public static Tensor of(Device device, Shape shape, int... values) {
        requireCount(shape, values.length);
        return generate(device, DType.I32, shape, i -> values[(int) i]);
    }

    /** Standard normal numbers, a function of the seed alone. */
    public static Tensor randn(Device device, DType dtype, Shape shape, long seed) {
        return generate(device, dtype, shape, i -> Philox.normal(seed, i));
    }

    /** Uniform numbers in [from, to), a function of the seed alone. */
    public static Tensor rand(
            Device device, DType dtype, Shape shape, double from, double to, long seed) {
        return generate(device, dtype, shape, i -> from + (to - from) * Philox.uniform(seed, i));
    }

    /**
     * Element {@code i} in row-major order is {@code f(i)}; for large tensors several threads ask
     * at once.
     */
    public static Tensor generate(Device device, DType dtype, Shape shape, LongToDoubleFunction f) {
        Tensor t = empty(device, dtype, shape);
        if (!device.computes()) {
            return t;
        }
        MemorySegment host = t.hostBuffer();
        long n = shape.count();
        LongStream chunks = LongStream.rangeClosed(0, (n - 1) / GENERATED_AT_ONCE);
        (n > GENERATED_AT_ONCE ? chunks.parallel() : chunks)
                .forEach(c -> {
                    long to = Math.min(n, (c + 1) * GENERATED_AT_ONCE);
                    for (long i = c * GENERATED_AT_ONCE; i < to; i++) {
                        dtype.set(host, i, f.applyAsDouble(i));
                    }
                });
        if (!device.isHost()) {
            device.memory().write(host, t.memory());
        }
        return t;
    }

    /** A tensor over host memory that somebody else owns, such as a mapped checkpoint. */
    public static Tensor wrap(
            Device device, DType dtype, Shape shape, MemorySegment memory, String name) {
        requireBytes(dtype, shape, memory, name);
        return new Tensor(Storage.external(device, memory, name), Layout.contiguous(shape), dtype);
    }

    /** Contiguous, uninitialised, same device, type and shape. */
    public Tensor emptyLike() {
        return empty(device(), dtype, shape());
    }

    /** As {@link #emptyLike} with another last extent. */
    public Tensor emptyWithLast(int extent) {
        return empty(device(), dtype, shape().withLast(extent));
    }

    // ---- views

    /** The same elements under another shape. */
    public Tensor view(int... dims) {
        return new Tensor(storage, layout.reshape(Shape.of(dims)), dtype);
    }

    public Tensor view(Shape shape) {
        return new Tensor(storage, layout.reshape(shape), dtype);
    }

    /** All leading axes folded into one: {@code [.., D]} becomes {@code [rows, D]}. */
    public Tensor rows() {
        return view(Math.toIntExact(shape().rows()), shape().last());
    }

    public Tensor transpose(int a, int b) {
        return new Tensor(storage, layout.transpose(a, b), dtype);
    }

    /** Elements {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    public Tensor slice(int axis, int from, int to) {
        return new Tensor(storage, layout.slice(axis, from, to), dtype);
    }

    /** The elements at one index of an axis, which is dropped. */
    public Tensor select(int axis, int index) {
        return new Tensor(storage, layout.select(axis, index), dtype);
    }

    /** Axes of extent 1, and those missing in front, repeated to fill a shape; to be read only. */
    public Tensor expand(Shape shape) {
        return new Tensor(storage, layout.expand(shape), dtype);
    }

    /** This tensor if it lies without gaps, else a copy that does. */
    public Tensor contiguous() {
        return layout.isContiguous() ? this : copy(dtype);
    }

    /** A contiguous copy of another type on the same device. */
    public Tensor copy(DType to) {
        Tensor y = empty(device(), to, shape());
        device().kernels().copy().copy(this, Into.overwrite(y));
        return y;
    }

    /** This tensor if it is there already, else a contiguous copy on the other device. */
    public Tensor to(Device other) {
        if (other.equals(device())) {
            return this;
        }
        Tensor from = contiguous();
        Tensor y = empty(other, dtype, shape());
        if (device().isHost()) {
            other.memory().write(from.memory(), y.memory());
        } else if (other.isHost()) {
            device().memory().read(from.memory(), y.memory());
        } else {
            throw new DeviceException(
                    "to: "
                            + device().name()
                            + " and "
                            + other.name()
                            + " share no memory;"
                            + " go through the cpu");
        }
        return y;
    }

    // ---- description

    public Device device() {
        return storage.device();
    }

    public Shape shape() {
        return layout.shape();
    }

    public int dim(int axis) {
        return layout.shape().dim(axis);
    }

    public long count() {
        return layout.shape().count();
    }

    // ---- elements: for tests, reports and custom ops; kernels work on memory()

    /**
     * The contiguous run of memory that holds exactly this tensor's elements: element {@code i} is
     * at byte {@code i * dtype.bytes()}.
     *
     * @throws ShapeException when the elements do not lie without gaps
     * @throws FreedTensorException when the memory went back
     */
    public MemorySegment memory() {
        if (!layout.isContiguous()) {
            throw new ShapeException("memory: " + this + " is not contiguous");
        }
        MemorySegment m = storage.memory();
        long from = layout.offset() * dtype.bytes();
        long size = count() * dtype.bytes();
        if (!device().isHost()) {
            return from == 0 ? m : MemorySegment.ofAddress(m.address() + from);
        }
        return from == 0 && size == m.byteSize() ? m : m.asSlice(from, size);
    }

    /** Element at a row-major index, on a host device. */
    public double get(long index) {
        return dtype.get(storage.memory(), layout.at(index));
    }

    /** Sets the element at a row-major index, on a host device. */
    public void set(long index, double value) {
        storage.changes();
        dtype.set(storage.memory(), layout.at(index), value);
    }

    /** The only element. */
    public double item() {
        if (count() != 1) {
            throw new ShapeException("item: needs one element, got " + this);
        }
        return device().isHost() ? get(0) : dtype.get(hostCopy(), 0);
    }

    /** All elements in row-major order. */
    public double[] toArray() {
        double[] out = new double[Math.toIntExact(count())];
        if (device().isHost()) {
            for (int i = 0; i < out.length; i++) {
                out[i] = get(i);
            }
        } else {
            MemorySegment host = hostCopy();
            for (int i = 0; i < out.length; i++) {
                out[i] = dtype.get(host, i);
            }
        }
        return out;
    }

    /** For example {@code F32[32, 64]@cpu}. */
    @Override
    public String toString() {
        return dtype + layout.toString() + "@" + device().name();
    }

    private MemorySegment hostBuffer() {
        return device().isHost()
                ? memory()
                : Arena.ofAuto().allocate(Math.max(1, storage.bytes()), 64);
    }

    private MemorySegment hostCopy() {
        MemorySegment host = Arena.ofAuto().allocate(Math.max(1, count() * dtype.bytes()), 64);
        device().memory().read(memory(), host);
        return host;
    }

    private static void requireCount(Shape shape, int values) {
        if (shape.count() != values) {
            throw new ShapeException(
                    "tensor: " + shape + " needs " + shape.count() + " values, got " + values);
        }
    }

    private static void requireBytes(DType dtype, Shape shape, MemorySegment m, String name) {
        long need = Math.multiplyExact(shape.count(), (long) dtype.bytes());
        if (need != m.byteSize()) {
            throw new ShapeException(
                    "wrap: "
                            + name
                            + " is "
                            + dtype
                            + shape
                            + " and needs "
                            + need
                            + " bytes, the memory has "
                            + m.byteSize());
        }
    }
}
