package org.lugha.models.chat;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tests by name, as behind {@code is}. */
record Tests(Budget budget) {
    boolean holds(String name, Object v, List<Object> p) {
        return switch (name) {
            case "defined" -> !(v instanceof Undefined);
            case "undefined" -> v instanceof Undefined;
            case "none" -> v == null;
            case "boolean" -> v instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(v);
            case "false" -> Boolean.FALSE.equals(v);
            case "string" -> v instanceof String;
            case "mapping" -> v instanceof Map;
            case "sequence" ->
                    v instanceof String
                            || v instanceof List
                            || v instanceof Map
                            || v instanceof Undefined;
            case "iterable" ->
                    v instanceof String
                            || v instanceof List
                            || v instanceof Map
                            || v instanceof Undefined;
            case "number" -> Operators.isNumber(v);
            case "integer" -> v instanceof Long;
            case "float" -> v instanceof Double;
            case "callable" -> v instanceof Callable;
            default -> other(name, v, p);
        };
    }

    private boolean other(String name, Object v, List<Object> p) {
        Operators operators = new Operators(budget);
        return switch (name) {
            case "odd" -> Math.floorMod(Values.whole(v), 2L) == 1;
            case "even" -> Math.floorMod(Values.whole(v), 2L) == 0;
            case "divisibleby" ->
                    Long.valueOf(0).equals(operators.binary("%", v, Methods.at(p, 0)));
            case "lower" -> {
                String s = budget.print(v);
                yield s.equals(s.toLowerCase(Locale.ROOT));
            }
            case "upper" -> {
                String s = budget.print(v);
                yield s.equals(s.toUpperCase(Locale.ROOT));
            }
            case "in" -> operators.compare("in", v, Methods.at(p, 0));
            case "eq", "equalto", "sameas" -> operators.same(v, Methods.at(p, 0));
            case "ne" -> !operators.same(v, Methods.at(p, 0));
            case "lt", "lessthan" -> operators.compare("<", v, Methods.at(p, 0));
            case "gt", "greaterthan" -> operators.compare(">", v, Methods.at(p, 0));
            case "le" -> operators.compare("<=", v, Methods.at(p, 0));
            case "ge" -> operators.compare(">=", v, Methods.at(p, 0));
            default -> throw Values.wrong("the test '" + name + "' is not supported");
        };
    }
}
