package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.Storage;

/**
 * Packed panels of frozen weights under a budget, property {@code lugha.panels} in MiB; 0, the
 * default, keeps nothing. Who comes first is kept until its storage changes or is freed: the
 * weights of a step are read in turn, where making room for the next would keep none.
 *
 * <p>What it gains for a weight of 4864 x 896, either way round, on two cores with AVX-512: 4 to 5
 * % with 512 rows, 35 % and more with 64. That is why it is off: with long batches the memory is
 * worth more.
 *
 * <p>Extra memory: up to the budget. A weight's panels are as large as the weight in F32, and once
 * more if it is used transposed as well, as in a training step.
 */
public final class PanelCache {
    private static final String PROPERTY = "lugha.panels";

    private final long budget;
    private final Map<Key, MemorySegment> held = new HashMap<>();
    private long bytes;

    public PanelCache(long budget) {
        this.budget = budget;
    }

    /** What panels are of; storages and segments are the same only if identical. */
    record Key(Storage storage, Matrix matrix, int width, int depth) {}

    /**
     * The cache that the property asks for.
     *
     * @throws DeviceException when it is no number of at least 0
     */
    static PanelCache wanted(String property) {
        try {
            long mib = property == null ? 0 : Long.parseLong(property.strip());
            if (mib >= 0 && mib <= Long.MAX_VALUE >> 20) {
                return new PanelCache(mib << 20);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new DeviceException(
                "cpu: property "
                        + PROPERTY
                        + " is the MiB for packed panels of frozen weights, 0 or more - it was '"
                        + property
                        + "' - e.g. -D"
                        + PROPERTY
                        + "=512, or leave it out to keep none");
    }

    public static PanelCache shared() {
        return wanted(System.getProperty(PROPERTY));
    }

    /** {@code panels} of a matrix in {@code storage}, with this cache if it can be of use. */
    RightPanels of(RightPanels panels, Matrix matrix, Storage storage) {
        boolean isKept = budget > 0 && storage.isFrozen();
        return isKept ? new KeptPanels(panels, matrix, storage, this) : panels;
    }

    /** The panels, filled now if need be; null when there is no room for them. */
    MemorySegment get(Key key, long size, Consumer<MemorySegment> fill) {
        synchronized (held) {
            MemorySegment m = held.get(key);
            if (m != null || size > budget - bytes) {
                return m;
            }
            bytes += size; // before it is filled, so that others find the room taken
        }
        key.storage().watch(new Forget(this, key.storage()));
        MemorySegment m = Arena.ofAuto().allocate(size, 64);
        fill.accept(m);
        synchronized (held) {
            if (!key.storage().isFrozen() || held.putIfAbsent(key, m) != null) {
                bytes -= size;
            }
        }
        return m;
    }

    private record Forget(PanelCache cache, Storage storage) implements Runnable {
        @Override
        public void run() {
            cache.forget(storage);
        }
    }

    private void forget(Storage storage) {
        synchronized (held) {
            for (Key k : List.copyOf(held.keySet())) {
                if (k.storage() == storage) {
                    bytes -= held.remove(k).byteSize();
                }
            }
        }
    }

    /** Bytes held now. */
    long bytes() {
        synchronized (held) {
            return bytes;
        }
    }
}
