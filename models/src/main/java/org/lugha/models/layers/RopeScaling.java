package org.lugha.models.layers;

/**
 * How the frequencies of rotary positions are stretched to longer texts than the model was first
 * trained on. All in F32 arithmetic, as transformers computes them.
 */
public sealed interface RopeScaling {
    /** From the unscaled frequencies {@code theta^(-2i/R)}. */
    float[] scale(float[] frequencies);

    /** {@code theta^(-2i/dim)} for i below dim/2, scaled. */
    default float[] frequencies(double theta, int dim) {
        float[] f = new float[dim / 2];
        for (int i = 0; i < f.length; i++) {
            f[i] = 1 / (float) Math.pow((float) theta, 2 * i / (float) dim);
        }
        return scale(f);
    }

    /** None. */
    record None() implements RopeScaling {
        @Override
        public float[] scale(float[] frequencies) {
            return frequencies;
        }
    }

    /** Positions divided by a factor (Chen et al. 2023). */
    record Linear(double factor) implements RopeScaling {
        @Override
        public float[] scale(float[] frequencies) {
            float[] f = frequencies.clone();
            for (int i = 0; i < f.length; i++) {
                f[i] /= (float) factor;
            }
            return f;
        }
    }

    /**
     * Llama 3.1's: wave lengths below {@code original / high} stay, above {@code original / low}
     * are divided by the factor, and between them both are mixed by {@code (original / wavelength -
     * low) / (high - low)}.
     *
     * @param original the length of the first training
     */
    record Llama3(double factor, double low, double high, int original) implements RopeScaling {
        @Override
        public float[] scale(float[] frequencies) {
            float[] f = frequencies.clone();
            for (int i = 0; i < f.length; i++) {
                float wave = (float) (2 * Math.PI) / f[i];
                if (wave > (float) (original / low)) {
                    f[i] /= (float) factor;
                } else if (wave >= (float) (original / high)) {
                    float s = (original / wave - (float) low) / (float) (high - low);
                    f[i] = (1 - s) * f[i] / (float) factor + s * f[i];
                }
            }
            return f;
        }
    }
}
