package org.lugha.models;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Entry;
import org.lugha.nn.Linear;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * What bitsandbytes writes beside the codes of a quantised weight, checked: {@code weight.absmax},
 * {@code weight.quant_map}, {@code weight.nested_absmax}, {@code weight.nested_quant_map} and
 * {@code weight.quant_state.bitsandbytes__nf4}; of int8 {@code SCB} and {@code weight_format}.
 */
final class QuantizedEntries {
    static final String STATE = ".quant_state.bitsandbytes__";
    private static final String NF4 = STATE + "nf4";
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final List<String> ENDS =
            List.of(
                    ".weight.absmax",
                    ".weight.quant_map",
                    ".weight.nested_absmax",
                    ".weight.nested_quant_map",
                    ".weight" + NF4,
                    ".weight" + STATE + "fp4",
                    ".weight_format",
                    ".SCB");

    private final Map<String, Map<String, Entry>> byLayer = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** A layer's quantised weight as it lies in the files. */
    sealed interface Found {
        /**
         * {@code codes} I8 {@code [out, in]}, {@code scb} F32 {@code [out]}: 127 times the scales.
         */
        record Int8(Entry codes, Entry scb) implements Found {}

        /**
         * Codes U8, the first in the high half of a byte.
         *
         * @param nested null: {@code absmax} are F32
         */
        record Nf4(Entry codes, Entry absmax, int blockSize, Nested nested) implements Found {}
    }

    /** What U8 absmax stand for. */
    record Nested(Entry absmax, Entry map, int blockSize, float offset) {}

    QuantizedEntries(Map<String, Entry> entries) {
        for (Entry e : entries.values()) {
            for (String end : ENDS) {
                if (e.name().endsWith(end)) {
                    String layer = e.name().substring(0, e.name().length() - end.length());
                    byLayer.computeIfAbsent(layer, _ -> new HashMap<>()).put(end, e);
                }
            }
        }
    }

    /** Whether this tensor belongs to a layer's quantised weight; codes do not. */
    boolean isCompanion(Entry e) {
        return ENDS.stream()
                .filter(e.name()::endsWith)
                .map(end -> e.name().substring(0, e.name().length() - end.length()))
                .anyMatch(byLayer::containsKey);
    }

    static boolean isCodes(Entry e) {
        return e.name().endsWith(".weight") && (e.dtype() == Dtype.U8 || e.dtype() == Dtype.I8);
    }

    /** All that was wrong so far. */
    List<String> problems() {
        return problems;
    }

    /** Companions whose layer is not among these. */
    List<String> orphans(List<Entry> codes) {
        Map<String, Map<String, Entry>> left = new HashMap<>(byLayer);
        codes.forEach(e -> left.remove(layer(e)));
        return left.values().stream().flatMap(m -> m.values().stream()).map(Entry::name).toList();
    }

    private static String layer(Entry codes) {
        return codes.name().substring(0, codes.name().length() - ".weight".length());
    }

    /** The weight of which these are the codes; null, and a problem more, where it cannot be. */
    Found read(Entry codes, Linear l) {
        int before = problems.size();
        var parts = byLayer.getOrDefault(layer(codes), Map.of());
        Found found = codes.dtype() == Dtype.I8 ? int8(codes, l, parts) : nf4(codes, l, parts);
        return problems.size() == before ? found : null;
    }

    private Found int8(Entry codes, Linear l, Map<String, Entry> parts) {
        require(codes, Dtype.I8, l.out(), l.in());
        Entry scb = part(codes, parts, ".SCB");
        if (scb != null) {
            require(scb, Dtype.F32, l.out());
        }
        Entry format = parts.get(".weight_format");
        if (format != null && (format.count() != 1 || first(format) != 0)) {
            problems.add(format + " is not 0, row by row, the only format supported");
        }
        return new Found.Int8(codes, scb);
    }

    private static byte first(Entry e) {
        return e.data().get(ValueLayout.JAVA_BYTE, 0);
    }

    private Found nf4(Entry codes, Linear l, Map<String, Entry> parts) {
        if (parts.containsKey(".weight" + STATE + "fp4")) {
            problems.add(codes.name() + " is quantised as fp4; nf4 and int8 are supported");
            return null;
        }
        long n = (long) l.out() * l.in();
        requireCount(codes, Dtype.U8, (n + 1) / 2);
        Entry absmax = part(codes, parts, ".weight.absmax");
        Entry map = part(codes, parts, ".weight.quant_map");
        Entry state = part(codes, parts, ".weight" + NF4);
        if (map != null && !Arrays.equals(floats(map), Quantization.map())) {
            problems.add(map + " does not hold the 16 values of nf4");
        }
        ConfigJson j = state == null ? null : json(state);
        if (j == null || absmax == null) {
            return null;
        }
        int block = block(j, "blocksize");
        requireState(j, l);
        long blocks = (n + block - 1) / block;
        if (!parts.containsKey(".weight.nested_absmax") && !j.get("nested_blocksize").isPresent()) {
            requireCount(absmax, Dtype.F32, blocks);
            return new Found.Nf4(codes, absmax, block, null);
        }
        requireCount(absmax, Dtype.U8, blocks);
        Entry second = part(codes, parts, ".weight.nested_absmax");
        Entry table = part(codes, parts, ".weight.nested_quant_map");
        int nested = block(j, "nested_blocksize");
        if (second != null) {
            requireCount(second, Dtype.F32, (blocks + nested - 1) / nested);
        }
        if (table != null) {
            requireCount(table, Dtype.F32, 256);
        }
        float offset = (float) number(j);
        return new Found.Nf4(codes, absmax, block, new Nested(second, table, nested, offset));
    }

    private double number(ConfigJson j) {
        try {
            return j.number("nested_offset");
        } catch (RequestException e) {
            problems.add(e.getMessage());
            return 0;
        }
    }

    private int block(ConfigJson j, String key) {
        try {
            int n = j.size(key);
            if (n >= 16 && Integer.bitCount(n) == 1) {
                return n;
            }
            problems.add(j.source() + ": " + key + " " + n + " is no power of two from 16 up");
        } catch (RequestException e) {
            problems.add(e.getMessage());
        }
        return 64;
    }

    private void requireState(ConfigJson j, Linear l) {
        if (!"nf4".equals(j.root().path("quant_type").asString(""))) {
            problems.add(
                    j.source()
                            + ": quant_type is "
                            + j.root().path("quant_type")
                            + "; nf4 is supported");
        }
        var shape = j.root().path("shape");
        if (shape.size() != 2
                || shape.get(0).asInt(-1) != l.out()
                || shape.get(1).asInt(-1) != l.in()) {
            problems.add(
                    j.source()
                            + ": shape is "
                            + shape
                            + ", config.json asks for ["
                            + l.out()
                            + ", "
                            + l.in()
                            + "]");
        }
    }

    private ConfigJson json(Entry state) {
        String text =
                new String(state.data().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        try {
            if (state.dtype() == Dtype.U8 && JsonTree.read(text) instanceof ObjectNode o) {
                return new ConfigJson(state.name(), o);
            }
        } catch (JacksonException _) {
            // said below
        }
        problems.add(state + " does not hold JSON");
        return null;
    }

    private Entry part(Entry codes, Map<String, Entry> parts, String end) {
        Entry e = parts.get(end);
        if (e == null) {
            problems.add(layer(codes) + end + " is missing");
        }
        return e;
    }

    private void require(Entry e, Dtype dtype, long... shape) {
        if (e.dtype() != dtype || !Arrays.equals(e.shape(), shape)) {
            problems.add(e + " should be " + dtype + Arrays.toString(shape));
        }
    }

    private void requireCount(Entry e, Dtype dtype, long count) {
        if (e.dtype() != dtype || e.count() != count) {
            problems.add(e + " should be " + count + " elements of " + dtype);
        }
    }

    private static float[] floats(Entry e) {
        MemorySegment m = e.data();
        float[] all = new float[e.dtype() == Dtype.F32 ? Math.toIntExact(e.count()) : 0];
        for (int i = 0; i < all.length; i++) {
            all[i] = m.get(FLOAT, 4L * i);
        }
        return all;
    }
}
