package org.lugha.models.evaluate;

/** What losses add up to. */
final class LossSum {
    private long examples;
    private double nll;
    private long counted;
    private long bytes;

    /** Another example. */
    void add(double moreNll, int moreCounted) {
        examples++;
        nll += moreNll;
        counted += moreCounted;
    }

    void addBytes(int more) {
        bytes += more;
    }

    void add(LossSum o) {
        examples += o.examples;
        nll += o.nll;
        counted += o.counted;
        bytes += o.bytes;
    }

    long examples() {
        return examples;
    }

    double nll() {
        return nll;
    }

    long counted() {
        return counted;
    }

    long bytes() {
        return bytes;
    }
}
