package org.lugha.tools.demo;

import java.util.List;
import org.lugha.models.report.LineChart;
import org.lugha.models.train.Metrics;

/** The steps of one training phase and what they add up to. */
record Curve(String name, List<Metrics.Step> steps) {
    long tokens() {
        return steps.stream().mapToLong(Metrics.Step::tokens).sum();
    }

    long counted() {
        return steps.stream().mapToLong(Metrics.Step::counted).sum();
    }

    double seconds() {
        return steps.stream().mapToDouble(s -> s.tokens() / s.tokensPerSecond()).sum();
    }

    LineChart chart() {
        return new LineChart("step")
                .line(
                        name,
                        steps.stream().mapToDouble(Metrics.Step::step).toArray(),
                        steps.stream().mapToDouble(Metrics.Step::loss).toArray());
    }
}
