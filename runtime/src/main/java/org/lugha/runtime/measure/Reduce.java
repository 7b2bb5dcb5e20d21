package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Sums over rows, as for a bias, and over everything, as for the gradient's norm. */
final class Reduce implements Family {
    @Override
    public String name() {
        return "reduce";
    }

    @Override
    public String grammar() {
        return "RxD [rows|squares|last|axisN]: sums of columns over all rows, or over every N rows; of "
                + "each row; or the sum of squares";
    }

    @Override
    public List<String> standard() {
        return List.of(
                "reduce 1024x4864 rows",
                "reduce 1024x56640 squares",
                "reduce 1024x4864 last",
                "reduce 1024x4864 axis32");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("rows", "squares", "last", "axis\\d+");
        int[] s = c.sizes("RxD");
        double count = (double) s[0] * s[1];
        return new Workload(
                c, (c.has("squares") ? 2 : 1) * count, 4 * count, device -> setUp(c, device));
    }

    private static Runnable setUp(Case c, Device device) {
        int[] s = c.sizes("RxD");
        Tensor x = Operands.floats(device, DType.F32, s[0], s[1]);
        Into columns = Into.overwrite(Tensor.empty(device, DType.F32, Shape.of(s[1])));
        Into one = Into.overwrite(Tensor.empty(device, DType.F64, Shape.of(1)));
        var kernel = device.kernels().reduce();
        int rows = c.has("last") ? s[1] : c.number("axis", 0);
        if (rows > 0) {
            int width = c.has("last") ? 1 : s[1];
            int groups = Math.toIntExact(x.count() / rows / width);
            Tensor some = x.view(Math.toIntExact(x.count()));
            Tensor axes = some.slice(0, 0, groups * rows * width).view(groups, rows, width);
            Into sums = Into.overwrite(Tensor.empty(device, DType.F32, Shape.of(groups, width)));
            return () -> kernel.sumAxis(axes, sums);
        }
        return c.has("squares")
                ? () -> kernel.sumOfSquares(x, one)
                : () -> kernel.sumRows(x, columns);
    }
}
