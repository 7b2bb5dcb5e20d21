package org.lugha.models.testing;

import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.host.HostDevice;
import org.lugha.runtime.host.SlabPool;
import org.lugha.runtime.host.StrictPool;
import org.lugha.runtime.host.Supply;
import org.lugha.runtime.spi.Memory;

/** Devices of one test's own, with the kernels of {@code cpu} and an empty pool. */
public final class Pools {
    private Pools() {}

    /** As users get it. */
    public static Device pooled() {
        return on(new SlabPool(Long.MAX_VALUE));
    }

    /** As users get it, with small slabs, so that a small model needs many. */
    public static Device pooled(long slab) {
        return on(new SlabPool(Long.MAX_VALUE, Supply.host(), slab));
    }

    /** Every block on its own. */
    public static Device strict() {
        return on(new StrictPool(Long.MAX_VALUE));
    }

    /** The kernels of {@code cpu} over this memory. */
    public static Device on(Memory memory) {
        return new HostDevice("cpu", "of a test", memory, Devices.get("cpu").kernels());
    }
}
