package org.lugha.models.peft;

import java.util.List;
import java.util.regex.Matcher;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;

/** Which modules get an adapter, by PEFT's rules for {@code target_modules}. */
public sealed interface LoraTargets {
    /** Whether a module of this path is meant. */
    boolean matches(String path);

    /** Modules whose path is one of these names or ends with a dot and one of them. */
    static LoraTargets names(String... names) {
        return new Names(List.of(names));
    }

    /** Modules whose whole path matches a regular expression. */
    static LoraTargets matching(String regex) {
        return new Regex(regex);
    }

    /** Every linear layer but the output layer. */
    static LoraTargets allLinear() {
        return new AllLinear();
    }

    /** One text: {@code all-linear} in any case, else a regular expression. */
    static LoraTargets text(String text) {
        return text.equalsIgnoreCase("all-linear") ? new AllLinear() : new Regex(text);
    }

    /** Whether every linear layer is meant. */
    default boolean isAllLinear() {
        return this instanceof AllLinear
                || (this instanceof Narrowed n && n.targets().isAllLinear());
    }

    /** A list of names or one text. */
    static LoraTargets read(ConfigJson config, String key) {
        var value =
                config.get(key)
                        .orElseThrow(
                                () -> config.fail(key, "module names", "nothing; they are needed"));
        return value.isString() ? text(value.stringValue()) : new Names(config.texts(key));
    }

    record Names(List<String> names) implements LoraTargets {
        public Names {
            names = List.copyOf(names);
        }

        @Override
        public boolean matches(String path) {
            return names.stream().anyMatch(n -> path.equals(n) || path.endsWith("." + n));
        }

        @Override
        public String toString() {
            return names.toString();
        }
    }

    record Regex(String regex) implements LoraTargets {
        public Regex {
            PathPattern.require("LoRA targets", regex);
        }

        @Override
        public boolean matches(String path) {
            return PathPattern.matches(regex, path);
        }

        @Override
        public String toString() {
            return '"' + regex + '"';
        }
    }

    record AllLinear() implements LoraTargets {
        @Override
        public boolean matches(String path) {
            return true;
        }

        @Override
        public String toString() {
            return "all-linear";
        }
    }

    /**
     * Fewer of the targets.
     *
     * @param exclude {@code exclude_modules}: layers left out, or null
     * @param layers {@code layers_to_transform}: numbers of the layers meant; empty: all
     * @param patterns {@code layers_pattern}: what stands before the number; empty: anything
     */
    record Narrowed(
            LoraTargets targets, LoraTargets exclude, List<Integer> layers, List<String> patterns)
            implements LoraTargets {
        public Narrowed {
            layers = List.copyOf(layers);
            patterns = List.copyOf(patterns);
            patterns.forEach(p -> Lora.requirePattern("layers_pattern", p));
            if (!layers.isEmpty() && targets instanceof Regex) {
                throw new RequestException(
                        "LoRA: layers_to_transform goes with targets as a list of names; put the"
                                + " layers' numbers into the regular expression "
                                + targets);
            }
        }

        @Override
        public boolean matches(String path) {
            return targets.matches(path)
                    && (exclude == null || !exclude.matches(path))
                    && (layers.isEmpty() || layers.contains(number(path)));
        }

        /** The number of the layer that a path is in; -1 where there is none. */
        private int number(String path) {
            List<String> before =
                    patterns.isEmpty()
                            ? List.of(".*?\\.[^.]*")
                            : patterns.stream().map(p -> "(?:.*?\\.)?" + p).toList();
            for (String pattern : before) {
                Matcher m = PathPattern.matcher(pattern + "\\.(\\d+)\\.", path);
                if (m.lookingAt()) {
                    return Integer.parseInt(m.group(m.groupCount()));
                }
            }
            return -1;
        }

        @Override
        public String toString() {
            return targets
                    + (exclude == null ? "" : " without " + exclude)
                    + (layers.isEmpty() ? "" : " in layers " + layers);
        }
    }
}
