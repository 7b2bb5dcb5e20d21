package org.lugha.models.chat;

import java.util.List;
import java.util.Map;

/** The tree of a template. */
sealed interface Node {
    /** What is done in order. */
    sealed interface Statement extends Node {}

    record Data(String text) implements Statement {}

    record Print(Expression value) implements Statement {}

    /** One branch more than conditions where there is an else. */
    record If(List<Expression> conditions, List<List<Statement>> branches) implements Statement {}

    /** A filter of null takes all. */
    record For(
            List<String> targets,
            Expression over,
            Expression filter,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Set(List<Expression> targets, Expression value) implements Statement {}

    record SetBlock(Expression target, List<Statement> body) implements Statement {}

    /** Parameters without a default have null. */
    record Macro(
            String name, List<String> parameters, List<Expression> defaults, List<Statement> body)
            implements Statement {}

    /** A macro's call with the text of a body as its {@code caller()}. */
    record CallBlock(Call call, List<Statement> body) implements Statement {}

    record Generation(List<Statement> body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** What has a value. */
    sealed interface Expression extends Node {}

    record Literal(Object value) implements Expression {}

    record Name(String name, int line) implements Expression {}

    record Attribute(Expression of, String name, int line) implements Expression {}

    record Item(Expression of, Expression key, int line) implements Expression {}

    /** Missing ends are null. */
    record Slice(Expression of, Expression from, Expression to, Expression by, int line)
            implements Expression {}

    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }

    record Call(Expression function, Arguments arguments, int line) implements Expression {}

    record Filter(Expression of, String name, Arguments arguments, int line)
            implements Expression {}

    record Test(Expression of, String name, Arguments arguments, boolean negated, int line)
            implements Expression {}

    record Unary(String op, Expression of, int line) implements Expression {}

    record Binary(String op, Expression left, Expression right, int line) implements Expression {}

    /** a < b < c: every neighbouring pair must hold. */
    record Comparison(List<String> ops, List<Expression> operands, int line)
            implements Expression {}

    /** otherwise may be null. */
    record Conditional(Expression condition, Expression then, Expression otherwise)
            implements Expression {}

    record ListLiteral(List<Expression> items) implements Expression {}

    /** A list given as many arguments of a call. */
    record Spread(Expression of) implements Expression {}

    record DictLiteral(List<Expression> keys, List<Expression> values) implements Expression {}
}
