package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.NormKernel;

/** {@link NormKernel} row by row. */
public final class RefNorm implements NormKernel {

    @Override
    public void rms(Tensor x, Tensor weight, double offset, double eps, Into y, Into rstd) {
        In in = In.of(x);
        In w = In.of(weight);
        Out out = Out.of(y);
        Out save = Out.of(rstd);
        int width = x.shape().last();
        for (long row = 0, n = x.shape().rows(); row < n; row++) {
            long at = row * width;
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += in.at(at + i) * in.at(at + i);
            }
            double r = 1 / Math.sqrt(squares / width + eps);
            for (int i = 0; i < width; i++) {
                out.put(at + i, in.at(at + i) * r * (offset + w.at(i)));
            }
            if (save != null) {
                save.put(row, r);
            }
        }
    }

    @Override
    public void rmsBackward(
            Tensor x, Tensor weight, double offset, Tensor rstd, Tensor dy, Into dx, Into dweight) {
        In in = In.of(x);
        In w = In.of(weight);
        In saved = In.of(rstd);
        In gradient = In.of(dy);
        Out out = Out.of(dx);
        int width = x.shape().last();
        double[] dw = new double[width];
        for (long row = 0, n = x.shape().rows(); row < n; row++) {
            long at = row * width;
            double r = saved.at(row);
            double mean = 0;
            for (int i = 0; i < width; i++) {
                mean += (offset + w.at(i)) * gradient.at(at + i) * in.at(at + i) / width;
                dw[i] += gradient.at(at + i) * in.at(at + i) * r;
            }
            for (int i = 0; out != null && i < width; i++) {
                double g = (offset + w.at(i)) * gradient.at(at + i);
                out.put(at + i, r * (g - in.at(at + i) * r * r * mean));
            }
        }
        if (dweight != null) {
            Out.of(dweight).putAll(0, dw);
        }
    }

    @Override
    public void layer(
            Tensor x, Tensor weight, Tensor bias, double eps, Into y, Into mean, Into rstd) {
        In in = In.of(x);
        In w = In.of(weight);
        In b = bias == null ? null : In.of(bias);
        Out out = Out.of(y);
        Out saveMean = Out.of(mean);
        Out saveRstd = Out.of(rstd);
        int width = x.shape().last();
        for (long row = 0, n = x.shape().rows(); row < n; row++) {
            long at = row * width;
            double m = 0;
            for (int i = 0; i < width; i++) {
                m += in.at(at + i) / width;
            }
            double variance = 0;
            for (int i = 0; i < width; i++) {
                double d = in.at(at + i) - m;
                variance += d * d / width;
            }
            double r = 1 / Math.sqrt(variance + eps);
            for (int i = 0; i < width; i++) {
                double scaled = (in.at(at + i) - m) * r * w.at(i);
                out.put(at + i, b == null ? scaled : scaled + b.at(i));
            }
            if (saveMean != null) {
                saveMean.put(row, m);
                saveRstd.put(row, r);
            }
        }
    }

    @Override
    public void layerBackward(
            Tensor x,
            Tensor weight,
            Tensor mean,
            Tensor rstd,
            Tensor dy,
            Into dx,
            Into dweight,
            Into dbias) {
        In in = In.of(x);
        In w = In.of(weight);
        In means = In.of(mean);
        In rstds = In.of(rstd);
        In gradient = In.of(dy);
        Out out = Out.of(dx);
        int width = x.shape().last();
        double[] dw = new double[width];
        double[] db = new double[width];
        for (long row = 0, rows = x.shape().rows(); row < rows; row++) {
            long at = row * width;
            double m = means.at(row);
            double r = rstds.at(row);
            double meanG = 0;
            double meanGn = 0;
            for (int i = 0; i < width; i++) {
                double n = (in.at(at + i) - m) * r;
                double g = w.at(i) * gradient.at(at + i);
                meanG += g / width;
                meanGn += g * n / width;
                dw[i] += gradient.at(at + i) * n;
                db[i] += gradient.at(at + i);
            }
            for (int i = 0; out != null && i < width; i++) {
                double n = (in.at(at + i) - m) * r;
                double g = w.at(i) * gradient.at(at + i);
                out.put(at + i, r * (g - meanG - n * meanGn));
            }
        }
        if (dweight != null) {
            Out.of(dweight).putAll(0, dw);
        }
        if (dbias != null) {
            Out.of(dbias).putAll(0, db);
        }
    }
}
