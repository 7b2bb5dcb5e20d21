package org.lugha.runtime;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A block of a device's memory and the count of its owners: scopes, tape nodes, holders such as
 * parameters. The last owner to let go gives the block back, and this object is dead for ever; the
 * block lives on under a new object, so a stale tensor can never see another one's data.
 */
public final class Storage {
    private final Device device;
    private final long bytes;
    private final String born;
    private final boolean external;
    private MemorySegment block;
    private int owners;
    private volatile boolean frozen;
    private final Set<Runnable> watchers = new LinkedHashSet<>();
    private String died = "";

    private Storage(Device device, MemorySegment block, long bytes, String born, boolean external) {
        this.device = device;
        this.block = block;
        this.bytes = bytes;
        this.born = born;
        this.external = external;
    }

    /** A new block without owners; its content is undefined. */
    static Storage allocate(Device device, long bytes, String born) {
        return new Storage(device, device.memory().allocate(bytes, born), bytes, born, false);
    }

    /**
     * Memory that belongs to somebody else, such as a mapped checkpoint; it lives as long as the
     * segment's own arena and is never given back from here.
     */
    public static Storage external(Device device, MemorySegment memory, String name) {
        if (!device.isHost()) {
            throw new DeviceException(
                    "wrap: "
                            + name
                            + " lies in host memory, "
                            + device.name()
                            + " computes elsewhere; copy it with Tensor.to");
        }
        Storage s = new Storage(device, memory, memory.byteSize(), name, true);
        s.owners = 1;
        return s;
    }

    public Device device() {
        return device;
    }

    public long bytes() {
        return bytes;
    }

    public synchronized boolean isAlive() {
        return block != null;
    }

    /**
     * The block.
     *
     * @throws FreedTensorException when the last owner has let go
     */
    public MemorySegment memory() {
        MemorySegment m = block;
        if (m == null) {
            throw new FreedTensorException(
                    "this tensor was created in scope '"
                            + born
                            + "' and freed when '"
                            + died
                            + "' ended; to use it longer, keep it: scope.keep(tensor)");
        }
        return m;
    }

    /** Whether more than one owner holds it, so that writing would surprise somebody. */
    public synchronized boolean isShared() {
        return owners > 1;
    }

    /**
     * Says that the content will not change any more, so that a device may keep what it derives
     * from it, such as packed panels of a frozen weight. Whoever writes through an {@link
     * org.lugha.runtime.spi.Into} all the same takes it back.
     */
    public void freeze() {
        frozen = true;
    }

    public boolean isFrozen() {
        return frozen;
    }

    /** Somebody is about to write: no longer frozen, and what was derived from it is dropped. */
    public void changes() {
        if (frozen) {
            frozen = false;
            forget();
        }
    }

    /**
     * Runs {@code task} once, when the content changes or the block is given back; equal tasks are
     * one.
     */
    public synchronized void watch(Runnable task) {
        watchers.add(task);
    }

    private void forget() {
        List<Runnable> told;
        synchronized (this) {
            told = List.copyOf(watchers);
            watchers.clear();
        }
        told.forEach(Runnable::run);
    }

    /** One more owner. */
    public synchronized void retain() {
        memory();
        owners++;
    }

    /** One owner less; {@code by} names who let go, for the message of a later use. */
    public void release(String by) {
        MemorySegment m = lastOwnerLeaves(by);
        if (m != null) {
            forget();
            device.memory().free(m, bytes);
        }
    }

    private synchronized MemorySegment lastOwnerLeaves(String by) {
        if (--owners > 0 || block == null || external) {
            return null;
        }
        MemorySegment m = block;
        block = null;
        died = by;
        frozen = false;
        return m;
    }
}
