package org.lugha.models.energy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What something took.
 *
 * @param kilowattHours in all
 * @param gramsCo2 grams of CO2 equivalent; empty when nothing is known of the grid
 * @param source {@code rapl}, {@code watts}, {@code processor time}, a device's counter, or several
 *     with {@code +}; empty while nothing was taken
 * @param measured whether all of it comes from counters; no estimate is ever part of it
 * @param explanation one sentence for people: what was counted, or what was assumed
 */
public record Energy(
        double kilowattHours,
        OptionalDouble gramsCo2,
        String source,
        boolean measured,
        String explanation) {
    /** Before anything ran. */
    public static final Energy NONE =
            new Energy(0, OptionalDouble.empty(), "", true, "nothing was taken yet");

    /** For run.json and checkpoints: kwh, co2_g, source, measured, explanation. */
    public ObjectNode json() {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("kwh", kilowattHours);
        gramsCo2.ifPresent(g -> o.put("co2_g", g));
        o.put("source", source);
        o.put("measured", measured);
        o.put("explanation", explanation);
        return o;
    }

    /** Back from {@link #json}; what is missing is as before anything ran. */
    public static Energy of(JsonNode o) {
        JsonNode grams = o.path("co2_g");
        return new Energy(
                o.path("kwh").asDouble(0),
                grams.isNumber() ? OptionalDouble.of(grams.asDouble()) : OptionalDouble.empty(),
                o.path("source").asString(""),
                o.path("measured").asBoolean(o.path("kwh").asDouble(0) == 0),
                o.path("explanation").asString(NONE.explanation()));
    }

    /** For a log: {@code 0.0123 kWh, 5.8 g CO2eq (estimated: ...)}. */
    public String line() {
        String co2 = gramsCo2.isPresent() ? ", " + number(gramsCo2.getAsDouble()) + " g CO2eq" : "";
        return number(kilowattHours) + " kWh" + co2 + " (" + explanation + ")";
    }

    /** Three digits that count. */
    static String number(double v) {
        return v == 0 || v >= 1000
                ? String.format(Locale.ROOT, "%.0f", v)
                : new BigDecimal(v).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    }
}
