package org.lugha.nn;

import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** How a declared parameter gets its first values; a function of the seed. */
public sealed interface Init {
    Tensor make(Device device, DType dtype, Shape shape, long seed);

    static Init zeros() {
        return new Constant(0);
    }

    static Init ones() {
        return new Constant(1);
    }

    static Init normal(double std) {
        return new Normal(std);
    }

    /** Uniform in [-bound, bound). */
    static Init uniform(double bound) {
        return new Uniform(bound);
    }

    record Constant(double value) implements Init {
        @Override
        public Tensor make(Device device, DType dtype, Shape shape, long seed) {
            return Tensor.full(device, dtype, shape, value);
        }
    }

    record Normal(double std) implements Init {
        @Override
        public Tensor make(Device device, DType dtype, Shape shape, long seed) {
            return Tensor.generate(device, dtype, shape, i -> std * Philox.normal(seed, i));
        }
    }

    record Uniform(double bound) implements Init {
        @Override
        public Tensor make(Device device, DType dtype, Shape shape, long seed) {
            return Tensor.rand(device, dtype, shape, -bound, bound, seed);
        }
    }
}
