package org.lugha.models.peft;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
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
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new RequestException(
                        "LoRA targets: expected module names, all-linear or a regular expression,"
                                + " got '"
                                + regex
                                + "' ("
                                + e.getDescription()
                                + ")",
                        e);
            }
        }

        @Override
        public boolean matches(String path) {
            return Pattern.matches(regex, path);
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
}
