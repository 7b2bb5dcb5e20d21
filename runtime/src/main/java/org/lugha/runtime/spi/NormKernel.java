package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Normalisation over the last axis, x {@code [.., D]}, weight and bias {@code [D]}. */
public interface NormKernel {
    /**
     * {@code y = x r (o + w), r = 1 / sqrt(mean(x^2) + eps)} (Zhang and Sennrich 2019).
     *
     * @param offset o, which is 0 for most models and 1 for Gemma
     * @param rstd one r a row, {@code [rows]}; null when no gradient will be asked for
     */
    void rms(Tensor x, Tensor weight, double offset, double eps, Into y, Into rstd);

    /**
     * With {@code g = (o + w) dy: dx = r (g - x r^2 mean(g x)); dw = sum_rows dy x r}; either may
     * be null.
     */
    void rmsBackward(
            Tensor x, Tensor weight, double offset, Tensor rstd, Tensor dy, Into dx, Into dweight);

    /**
     * {@code y = (x - m) r w + b, r = 1 / sqrt(var(x) + eps)} (Ba et al. 2016).
     *
     * @param bias null for none
     * @param mean one m a row, {@code [rows]}; null together with rstd
     */
    void layer(Tensor x, Tensor weight, Tensor bias, double eps, Into y, Into mean, Into rstd);

    /** With {@code n = (x - m) r, g = w dy: dx = r (g - mean(g) - n mean(g n))}. */
    void layerBackward(
            Tensor x,
            Tensor weight,
            Tensor mean,
            Tensor rstd,
            Tensor dy,
            Into dx,
            Into dweight,
            Into dbias);
}
