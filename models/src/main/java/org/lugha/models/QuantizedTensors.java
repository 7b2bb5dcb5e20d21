package org.lugha.models;

import org.lugha.models.checkpoint.Entry;
import org.lugha.runtime.Absmax;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** Quantised weights over a file's own memory where that can be, else over copies of it. */
final class QuantizedTensors {
    private final Device device;
    private boolean keepsFiles;

    QuantizedTensors(Device device) {
        this.device = device;
    }

    /** Whether a weight lies in the files, so that they must stay open. */
    boolean keepsFiles() {
        return keepsFiles;
    }

    /** A weight {@code [out, in]}; what is copied belongs to the innermost open scope. */
    Quantized of(QuantizedEntries.Found found, Shape shape) {
        return switch (found) {
            case QuantizedEntries.Found.Int8(Entry codes, Entry scb) ->
                    new Quantized.Int8(part(codes, DType.U8, shape), scales(scb, shape.dim(0)));
            case QuantizedEntries.Found.Nf4 n ->
                    new Quantized.Nf4(shape, n.blockSize(), part(n.codes(), DType.U8), absmax(n));
        };
    }

    /** {@code SCB / 127}, from which {@link QuantizedSources} makes SCB again. */
    private Tensor scales(Entry scb, int rows) {
        Tensor t = Tensor.wrap(host(), DType.F32, Shape.of(rows), scb.data(), scb.name());
        return Tensor.generate(device, DType.F32, Shape.of(rows), i -> (float) t.get(i) / 127f);
    }

    private Absmax absmax(QuantizedEntries.Found.Nf4 n) {
        QuantizedEntries.Nested twice = n.nested();
        if (twice == null) {
            return new Absmax.Plain(part(n.absmax(), DType.F32));
        }
        return new Absmax.Nested(
                part(n.absmax(), DType.U8),
                part(twice.map(), DType.F32),
                twice.blockSize(),
                part(twice.absmax(), DType.F32),
                Tensor.of(device, Shape.of(1), twice.offset()));
    }

    private Tensor part(Entry e, DType dtype) {
        return part(e, dtype, Shape.of(Math.toIntExact(e.count())));
    }

    private Tensor part(Entry e, DType dtype, Shape shape) {
        Tensor t = Tensor.wrap(host(), dtype, shape, e.data(), e.name());
        if (device.isHost() && e.data().address() % dtype.bytes() == 0) {
            keepsFiles = true;
            return t;
        }
        return device.isHost() ? t.copy(dtype) : t.to(device);
    }

    private Device host() {
        return device.isHost() ? device : Devices.get("cpu");
    }
}
