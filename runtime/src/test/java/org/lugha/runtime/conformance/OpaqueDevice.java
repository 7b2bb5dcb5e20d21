package org.lugha.runtime.conformance;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.TreeMap;
import org.lugha.runtime.Device;
import org.lugha.runtime.spi.AttentionKernel;
import org.lugha.runtime.spi.CopyKernel;
import org.lugha.runtime.spi.ElementwiseKernel;
import org.lugha.runtime.spi.HostFallback;
import org.lugha.runtime.spi.IndexKernel;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.LossKernel;
import org.lugha.runtime.spi.MatmulKernel;
import org.lugha.runtime.spi.Memory;
import org.lugha.runtime.spi.NormKernel;
import org.lugha.runtime.spi.OptimizerKernel;
import org.lugha.runtime.spi.QuantKernel;
import org.lugha.runtime.spi.ReduceKernel;
import org.lugha.runtime.spi.RopeKernel;
import org.lugha.runtime.spi.SoftmaxKernel;

/**
 * A device that computes nothing itself and whose memory nobody but itself can read, as that of a
 * GPU: segments hold an address and have size zero.
 */
final class OpaqueDevice implements Device, Memory {
    private record Block(Arena arena, MemorySegment segment) {}

    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private final Kernels kernels;
    private long live;

    OpaqueDevice(Device host) {
        Kernels k = host.kernels();
        kernels =
                new Kernels(
                        of(CopyKernel.class, k.copy(), host),
                        of(ElementwiseKernel.class, k.elementwise(), host),
                        of(ReduceKernel.class, k.reduce(), host),
                        of(MatmulKernel.class, k.matmul(), host),
                        of(SoftmaxKernel.class, k.softmax(), host),
                        of(NormKernel.class, k.norm(), host),
                        of(RopeKernel.class, k.rope(), host),
                        of(AttentionKernel.class, k.attention(), host),
                        of(IndexKernel.class, k.index(), host),
                        of(LossKernel.class, k.loss(), host),
                        of(QuantKernel.class, k.quant(), host),
                        of(OptimizerKernel.class, k.optimizer(), host));
    }

    private static <K> K of(Class<K> family, K kernel, Device host) {
        return HostFallback.of(family, kernel, host, "opaque");
    }

    @Override
    public String name() {
        return "opaque";
    }

    @Override
    public String description() {
        return "memory that only it can read";
    }

    @Override
    public Memory memory() {
        return this;
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public boolean isHost() {
        return false;
    }

    @Override
    public MemorySegment allocate(long bytes, String owner) {
        Arena arena = Arena.ofShared();
        MemorySegment segment = arena.allocate(Math.max(1, bytes), 64).fill((byte) 0xFF);
        blocks.put(segment.address(), new Block(arena, segment));
        live += bytes;
        return MemorySegment.ofAddress(segment.address());
    }

    @Override
    public void free(MemorySegment block, long bytes) {
        live -= bytes;
        blocks.remove(block.address()).arena().close();
    }

    @Override
    public void write(MemorySegment host, MemorySegment device) {
        find(device, host.byteSize()).copyFrom(host);
    }

    @Override
    public void read(MemorySegment device, MemorySegment host) {
        host.copyFrom(find(device, host.byteSize()));
    }

    private MemorySegment find(MemorySegment at, long bytes) {
        var block = blocks.floorEntry(at.address());
        return block.getValue().segment().asSlice(at.address() - block.getKey(), bytes);
    }

    @Override
    public Usage usage() {
        return new Usage(live, live, live, 0);
    }

    @Override
    public void resetPeak() {}
}
