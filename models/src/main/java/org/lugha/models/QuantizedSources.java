package org.lugha.models;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Slot;
import org.lugha.models.checkpoint.Source;
import org.lugha.runtime.Absmax;
import org.lugha.runtime.DType;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A quantised weight as the tensors that bitsandbytes keeps of it. */
final class QuantizedSources {
    /** Bytes of a quant_state: its JSON, and spaces so that every one is as long. */
    private static final int STATE_BYTES = 256;

    private QuantizedSources() {}

    /**
     * By key.
     *
     * @param weight full name, for example {@code model.layers.0.mlp.up_proj.weight}
     * @param dtype of the model's other weights, which transformers takes for the computing one
     */
    static SequencedMap<String, Source> of(String weight, Quantized w, DType dtype) {
        SequencedMap<String, Source> all = new LinkedHashMap<>();
        switch (w) {
            case Quantized.Int8(Tensor codes, Tensor scales) -> {
                all.put(weight, source(Dtype.I8, codes, codes.dim(0), codes.dim(1)));
                String layer = weight.substring(0, weight.length() - ".weight".length());
                MemorySegment scb = Arena.ofAuto().allocate(4 * scales.count(), 8);
                for (long i = 0; i < scales.count(); i++) {
                    DType.F32.set(scb, i, (float) scales.get(i) * 127f);
                }
                all.put(layer + ".SCB", Source.of(Dtype.F32, new long[] {scales.count()}, scb));
                all.put(
                        layer + ".weight_format",
                        Source.of(Dtype.U8, new long[] {}, Arena.ofAuto().allocate(1)));
            }
            case Quantized.Nf4 n -> nf4(weight, n, dtype, all);
        }
        return all;
    }

    private static void nf4(
            String weight, Quantized.Nf4 n, DType dtype, SequencedMap<String, Source> all) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("quant_type", "nf4").put("blocksize", n.blockSize());
        state.put("dtype", ModelFiles.torchName(dtype));
        state.putArray("shape").add(n.shape().dim(0)).add(n.shape().dim(1));
        all.put(weight, source(Dtype.U8, n.codes(), n.codes().count(), 1));
        float[] map = Quantization.map();
        MemorySegment values = Arena.ofAuto().allocate(4L * map.length, 8);
        for (int i = 0; i < map.length; i++) {
            DType.F32.set(values, i, map[i]);
        }
        all.put(weight + ".quant_map", Source.of(Dtype.F32, new long[] {map.length}, values));
        switch (n.absmax()) {
            case Absmax.Plain(Tensor absmax) ->
                    all.put(weight + ".absmax", source(Dtype.F32, absmax, absmax.count()));
            case Absmax.Nested a -> {
                all.put(weight + ".absmax", source(Dtype.U8, a.codes(), a.codes().count()));
                all.put(
                        weight + ".nested_absmax",
                        source(Dtype.F32, a.absmax(), a.absmax().count()));
                all.put(weight + ".nested_quant_map", source(Dtype.F32, a.table(), 256));
                state.put("nested_blocksize", a.blockSize()).put("nested_dtype", "float32");
                state.put("nested_offset", a.offset().get(0));
            }
        }
        byte[] json = state.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, Math.max(STATE_BYTES, json.length));
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        all.put(
                weight + QuantizedEntries.STATE + "nf4",
                Source.of(Dtype.U8, new long[] {padded.length}, MemorySegment.ofArray(padded)));
    }

    /** What {@link #of} gives for a weight {@code [out, in]}, before there is one. */
    static SequencedMap<String, Slot> declared(String weight, Shape shape, Quantization q) {
        SequencedMap<String, Slot> all = new LinkedHashMap<>();
        long n = shape.count();
        if (q.type() == Quantization.Type.INT8) {
            String layer = weight.substring(0, weight.length() - ".weight".length());
            all.put(weight, new Slot(Dtype.I8, shape.dim(0), shape.dim(1)));
            all.put(layer + ".SCB", new Slot(Dtype.F32, shape.dim(0)));
            all.put(layer + ".weight_format", new Slot(Dtype.U8));
            return all;
        }
        long blocks = (n + q.blockSize() - 1) / q.blockSize();
        all.put(weight, new Slot(Dtype.U8, (n + 1) / 2, 1));
        all.put(weight + ".quant_map", new Slot(Dtype.F32, 16));
        all.put(weight + ".absmax", new Slot(q.nested() ? Dtype.U8 : Dtype.F32, blocks));
        if (q.nested()) {
            long second = (blocks + Quantization.NESTED - 1) / Quantization.NESTED;
            all.put(weight + ".nested_absmax", new Slot(Dtype.F32, second));
            all.put(weight + ".nested_quant_map", new Slot(Dtype.F32, 256));
        }
        all.put(weight + QuantizedEntries.STATE + "nf4", new Slot(Dtype.U8, STATE_BYTES));
        return all;
    }

    private static Source source(Dtype type, Tensor t, long... shape) {
        return Source.of(type, shape, ModelFiles.hostMemory(t));
    }
}
