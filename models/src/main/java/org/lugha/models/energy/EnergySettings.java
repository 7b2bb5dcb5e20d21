package org.lugha.models.energy;

import java.util.OptionalDouble;

/**
 * What a run says about its electricity.
 *
 * @param gridGramsPerKwh grams of CO2 equivalent that a kilowatt-hour makes where the machine
 *     stands
 * @param watts what the machine takes while it trains, as a meter at the plug shows; it beats every
 *     other source. Empty: counters where they can be read, else an estimate
 */
public record EnergySettings(double gridGramsPerKwh, OptionalDouble watts) {
    /** The world's mean of 2018 (475 g, IEA), and no watts given. */
    public static final EnergySettings DEFAULT = new EnergySettings(475, OptionalDouble.empty());

    public EnergySettings {
        if (!(gridGramsPerKwh >= 0) || Double.isInfinite(gridGramsPerKwh)) {
            throw new IllegalArgumentException(
                    "energy: expected grams a kWh of at least 0, got " + gridGramsPerKwh);
        }
        if (watts.isPresent() && !(watts.getAsDouble() > 0 && watts.getAsDouble() < 1e9)) {
            throw new IllegalArgumentException(
                    "energy: expected watts above 0, got " + watts.getAsDouble());
        }
    }
}
