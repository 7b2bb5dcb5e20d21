package org.lugha.autograd.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * Draws {@code @ForAll Tensor}, {@code @ForAll Tensor[]} with {@link Shapes}, and {@code @ForAll
 * Shape}; jqwik finds it by itself.
 */
public final class TensorProvider implements ArbitraryProvider {

    @org.lugha.autograd.testkit.Shape
    @Values
    private record Defaults() {}

    @Override
    public boolean canProvideFor(TypeUsage type) {
        return type.isOfType(Tensor.class)
                || type.isOfType(Shape.class)
                || (type.isOfType(Tensor[].class) && type.isAnnotated(Shapes.class));
    }

    /** Before jqwik's own arbitrary of arrays, which would give tensors of unrelated shapes. */
    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        if (type.isOfType(Tensor[].class)) {
            return Set.of(several(type.findAnnotation(Shapes.class).orElseThrow(), values(type)));
        }
        org.lugha.autograd.testkit.Shape bounds =
                type.findAnnotation(org.lugha.autograd.testkit.Shape.class)
                        .orElseGet(() ->
                                Defaults.class.getAnnotation(
                                        org.lugha.autograd.testkit.Shape.class));
        Arbitrary<Shape> shapes = shapes(bounds);
        return Set.of(type.isOfType(Shape.class) ? shapes : one(shapes, values(type)));
    }

    private static Values values(TypeUsage type) {
        return type.findAnnotation(Values.class)
                .orElseGet(() -> Defaults.class.getAnnotation(Values.class));
    }

    private static Arbitrary<Shape> shapes(org.lugha.autograd.testkit.Shape bounds) {
        if (bounds.value().length > 0) {
            return Arbitraries.just(Shape.of(bounds.value()));
        }
        return Arbitraries.integers()
                .between(bounds.minExtent(), bounds.maxExtent())
                .array(int[].class)
                .ofMinSize(bounds.minRank())
                .ofMaxSize(bounds.maxRank())
                .map(Shape::of)
                .filter(s -> s.count() <= bounds.maxElements());
    }

    private static Arbitrary<Tensor> one(Arbitrary<Shape> shapes, Values values) {
        return Combinators.combine(shapes, drawn(values)).as((shape, d) -> d.tensor(shape));
    }

    private static Arbitrary<Tensor[]> several(Shapes shapes, Values values) {
        Set<String> names = new LinkedHashSet<>();
        for (String text : shapes.value()) {
            extents(text).stream().filter(e -> !isNumber(e)).forEach(names::add);
        }
        List<String> order = List.copyOf(names);
        Arbitrary<List<Integer>> sizes =
                Arbitraries.integers()
                        .between(shapes.minExtent(), shapes.maxExtent())
                        .list()
                        .ofSize(order.size());
        return Combinators.combine(sizes, drawn(values))
                .as((drawn, d) -> {
                    Tensor[] all = new Tensor[shapes.value().length];
                    for (int t = 0; t < all.length; t++) {
                        int[] dims =
                                extents(shapes.value()[t]).stream()
                                        .mapToInt(e -> extent(e, order, drawn))
                                        .toArray();
                        all[t] = d.other(t).tensor(Shape.of(dims));
                    }
                    return all;
                });
    }

    private static int extent(String text, List<String> names, List<Integer> drawn) {
        return isNumber(text) ? Integer.parseInt(text) : drawn.get(names.indexOf(text));
    }

    private static List<String> extents(String text) {
        return text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
    }

    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Shrinks to plain numbers without edge values. */
    private static Arbitrary<Drawn> drawn(Values values) {
        List<Tuple.Tuple2<Integer, Optional<Edge>>> kinds = new ArrayList<>();
        kinds.add(Tuple.of(2 * Math.max(1, values.edges().length), Optional.empty()));
        for (Edge e : values.edges()) {
            kinds.add(Tuple.of(1, Optional.of(e)));
        }
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.of(true, false),
                        Arbitraries.frequency(kinds))
                .as((seed, plain, edge) ->
                        new Drawn(values.from(), values.to(), values.dtype(), seed, plain, edge));
    }
}
