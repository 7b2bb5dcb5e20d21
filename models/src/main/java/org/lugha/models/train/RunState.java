package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.energy.Energy;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a run stands after a step, beside weights and optimizer: {@code state.json} of a
 * checkpoint. There is no state of random numbers: they are functions of seed and step.
 *
 * @param step the last one done
 * @param data where the examples stand
 * @param metricsBytes of {@code metrics.jsonl} that were written by then
 * @param best what the evaluations have said
 * @param seconds that steps have taken
 * @param energy taken so far
 */
record RunState(
        int step,
        ExampleStream.State data,
        long metricsBytes,
        Best best,
        double seconds,
        Energy energy) {

    /**
     * The best evaluation so far.
     *
     * @param step 0: there was none
     * @param since evaluations after it
     */
    record Best(int step, double loss, int since) {
        static final Best NONE = new Best(0, Double.POSITIVE_INFINITY, 0);

        /** With one more evaluation. */
        Best with(int at, double now) {
            return now < loss ? new Best(at, now, 0) : new Best(step, loss, since + 1);
        }
    }

    /** Before the first step. */
    static RunState start(ExampleStream.State data) {
        return new RunState(0, data, 0, Best.NONE, 0, Energy.NONE);
    }

    RunState with(Best other) {
        return new RunState(step, data, metricsBytes, other, seconds, energy);
    }

    /** As it is written down. */
    RunState with(long bytes, Energy taken) {
        return new RunState(step, data, bytes, best, seconds, taken);
    }

    ObjectNode json() {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("step", step);
        o.put("metrics_bytes", metricsBytes);
        o.put("seconds", seconds);
        o.set("energy", energy.json());
        if (best.step() > 0) {
            o.putObject("best")
                    .put("step", best.step())
                    .put("loss", best.loss())
                    .put("since", best.since());
        }
        ObjectNode d = o.putObject("data");
        d.put("drawn", data.drawn());
        put(d, "epochs", data.epochs());
        put(d, "positions", data.positions());
        put(d, "waiting", data.waiting());
        put(d, "examples", data.examples());
        put(d, "tokens", data.tokens());
        return o;
    }

    static RunState of(JsonNode o) {
        JsonNode b = o.path("best");
        JsonNode d = o.get("data");
        return new RunState(
                o.get("step").intValue(),
                new ExampleStream.State(
                        d.get("drawn").longValue(),
                        list(d, "epochs", JsonNode::longValue),
                        list(d, "positions", JsonNode::intValue),
                        list(d, "waiting", JsonNode::intValue),
                        list(d, "examples", JsonNode::longValue),
                        list(d, "tokens", JsonNode::longValue)),
                o.get("metrics_bytes").longValue(),
                b.isObject()
                        ? new Best(
                                b.get("step").intValue(),
                                b.get("loss").doubleValue(),
                                b.get("since").intValue())
                        : Best.NONE,
                o.get("seconds").doubleValue(),
                Energy.of(o.path("energy")));
    }

    private static void put(ObjectNode o, String key, List<? extends Number> values) {
        ArrayNode all = o.putArray(key);
        values.forEach(v -> all.add(v.longValue()));
    }

    private static <T> List<T> list(JsonNode o, String key, Function<JsonNode, T> as) {
        List<T> all = new ArrayList<>();
        o.get(key).forEach(v -> all.add(as.apply(v)));
        return all;
    }
}
