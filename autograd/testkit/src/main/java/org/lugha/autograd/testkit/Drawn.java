package org.lugha.autograd.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.lugha.runtime.DType;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * How the elements of a tensor are drawn. jqwik makes parameters before a try and its scope begin,
 * so the memory is the garbage collector's and no pool counts it.
 *
 * @param plain numbers of few digits
 * @param edge in about half of the elements
 */
record Drawn(double from, double to, DType type, long seed, boolean plain, Optional<Edge> edge) {

    /** The tensor, on the reference device. */
    Tensor tensor(Shape shape) {
        int n = Math.toIntExact(shape.count());
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, (long) n * type.bytes()), 64);
        double[] all = type == DType.I32 ? whole(n) : mixed(ordinary(n));
        for (int i = 0; i < n; i++) {
            type.set(memory, i, all[i]);
        }
        return Tensor.wrap(
                Available.reference(),
                type,
                shape,
                memory.asSlice(0, (long) n * type.bytes()),
                "a property's tensor");
    }

    /** Of the same kind, with other numbers. */
    Drawn other(int which) {
        return new Drawn(from, to, type, Philox.derive(seed, 4 + which), plain, edge);
    }

    private double[] whole(int n) {
        double[] all = new double[n];
        Arrays.setAll(all, i -> Math.floor(from + (to - from) * uniform(0, i)));
        return all;
    }

    /** No two nearer to each other, and none nearer to 0, than half a step of a grid. */
    private double[] ordinary(int n) {
        double range = to - from;
        double step =
                plain
                        ? Math.pow(10, Math.floor(Math.log10(range / (10.0 * Math.max(1, n)))))
                        : range / Math.max(10_000, 10.0 * n);
        long first = (long) Math.ceil(from / step);
        long places = Math.max(1, (long) Math.floor(to / step) - first + 1);
        Set<Long> taken = new HashSet<>(Set.of(0L));
        double[] all = new double[n];
        for (int i = 0; i < n; i++) {
            long place = first + (long) (places * uniform(0, i));
            while (!taken.add(place)) {
                place = first + (place + 1 - first) % places;
            }
            all[i] = plain ? rounded(place, step) : step * (place + 0.25 * uniform(3, i));
        }
        return all;
    }

    /** As few digits as there are. */
    private static double rounded(long place, double step) {
        return step < 1 ? place / (double) Math.round(1 / step) : place * step;
    }

    private double[] mixed(double[] all) {
        edge.ifPresent(e -> {
            double tie = all.length == 0 ? 0 : all[0];
            for (int i = 0; i < all.length; i++) {
                if (uniform(1, i) < 0.5) {
                    boolean negative = from < 0 && (to <= 0 || uniform(2, i) < 0.5);
                    all[i] = e.of(type, negative, tie);
                }
            }
        });
        return all;
    }

    /** Independent streams. */
    private double uniform(int stream, int i) {
        return Philox.uniform(Philox.derive(seed, stream), i);
    }
}
