package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.spi.AdamStep;

/** AdamW over some floats; its constants were worked out in double precision. */
record AdamSweep(
        float scale,
        float keep1,
        float take1,
        float keep2,
        float take2,
        float decay,
        float step,
        float root,
        float eps) {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    static AdamSweep of(AdamStep a) {
        double correction1 = 1 - StrictMath.pow(a.beta1(), (double) a.step());
        double correction2 = 1 - StrictMath.pow(a.beta2(), (double) a.step());
        return new AdamSweep(
                (float) a.gradientScale(),
                (float) a.beta1(),
                (float) (1 - a.beta1()),
                (float) a.beta2(),
                (float) (1 - a.beta2()),
                (float) (-a.lr() * a.weightDecay()),
                (float) (-a.lr() / correction1),
                (float) (1 / Math.sqrt(correction2)),
                (float) a.eps());
    }

    /** {@code n} elements, of g from byte {@code go} and of the others from byte {@code at}. */
    void run(
            MemorySegment g,
            long go,
            MemorySegment p,
            MemorySegment m,
            MemorySegment v,
            long at,
            long n) {
        long whole = 4 * Floats.whole(n);
        vectors(g, go - at, p, m, v, at, at + whole);
        rest(g, go - at, p, m, v, at + whole, at + 4 * n);
    }

    private void vectors(
            MemorySegment g,
            long go,
            MemorySegment p,
            MemorySegment m,
            MemorySegment v,
            long from,
            long to) {
        FloatVector factor = FloatVector.broadcast(F, scale);
        FloatVector keepMean = FloatVector.broadcast(F, keep1);
        FloatVector takeMean = FloatVector.broadcast(F, take1);
        FloatVector keepSquare = FloatVector.broadcast(F, keep2);
        FloatVector takeSquare = FloatVector.broadcast(F, take2);
        FloatVector shrink = FloatVector.broadcast(F, decay);
        FloatVector rate = FloatVector.broadcast(F, step);
        FloatVector unbias = FloatVector.broadcast(F, root);
        FloatVector floor = FloatVector.broadcast(F, eps);
        for (long i = from; i < to; i += Floats.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(F, g, go + i, ORDER).mul(factor);
            FloatVector f = FloatVector.fromMemorySegment(F, m, i, ORDER);
            FloatVector s = FloatVector.fromMemorySegment(F, v, i, ORDER);
            FloatVector w = FloatVector.fromMemorySegment(F, p, i, ORDER);
            f = f.fma(keepMean, x.mul(takeMean));
            s = s.fma(keepSquare, x.mul(x).mul(takeSquare));
            FloatVector by = f.mul(rate).div(s.sqrt().fma(unbias, floor));
            f.intoMemorySegment(m, i, ORDER);
            s.intoMemorySegment(v, i, ORDER);
            w.fma(shrink, w).add(by).intoMemorySegment(p, i, ORDER);
        }
    }

    /** The same for the few elements that fill no vector. */
    private void rest(
            MemorySegment g,
            long go,
            MemorySegment p,
            MemorySegment m,
            MemorySegment v,
            long from,
            long to) {
        for (long i = from; i < to; i += 4) {
            float x = Floats.get(g, go + i) * scale;
            float s = Math.fma(Floats.get(v, i), keep2, x * x * take2);
            float f = Math.fma(Floats.get(m, i), keep1, x * take1);
            float w = Floats.get(p, i);
            float by = f * step / Math.fma((float) Math.sqrt(s), root, eps);
            Floats.set(v, i, s);
            Floats.set(m, i, f);
            Floats.set(p, i, Math.fma(w, decay, w) + by);
        }
    }
}
