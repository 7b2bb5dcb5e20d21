package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lugha.models.chat.Node.Expression;
import org.lugha.models.chat.Token.Kind;

/** Expressions, from the loosest operator to the tightest. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

    private final List<Token> tokens;
    private int at;
    private int depth;

    ExpressionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token take() {
        Token t = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return t;
    }

    boolean accept(String op) {
        boolean is = peek().op(op);
        if (is) {
            take();
        }
        return is;
    }

    boolean acceptName(String name) {
        boolean is = peek().name(name);
        if (is) {
            take();
        }
        return is;
    }

    Token expect(Kind kind, String what) {
        if (peek().kind() != kind) {
            throw peek().wrong(what);
        }
        return take();
    }

    void expect(String op) {
        if (!accept(op)) {
            throw peek().wrong("'" + op + "'");
        }
    }

    /** A nested block or expression. */
    void enter() {
        if (++depth > Budget.DEPTH) {
            throw Token.wrong(peek().line(), "more than " + Budget.DEPTH + " levels of nesting");
        }
    }

    void leave() {
        depth--;
    }

    /** One, or several with commas between as a list. */
    Expression tuple() {
        Expression first = expression();
        if (!peek().op(",")) {
            return first;
        }
        List<Expression> all = new ArrayList<>(List.of(first));
        while (accept(",") && !peek().op(")") && peek().kind() != Kind.BLOCK_END) {
            all.add(expression());
        }
        return new Node.ListLiteral(all);
    }

    Expression expression() {
        enter();
        Expression e = or();
        while (acceptName("if")) {
            Expression condition = or();
            Expression otherwise = acceptName("else") ? expression() : null;
            e = new Node.Conditional(condition, e, otherwise);
        }
        leave();
        return e;
    }

    Expression or() {
        Expression e = and();
        while (peek().name("or")) {
            int line = take().line();
            e = new Node.Binary("or", e, and(), line);
        }
        return e;
    }

    private Expression and() {
        Expression e = not();
        while (peek().name("and")) {
            int line = take().line();
            e = new Node.Binary("and", e, not(), line);
        }
        return e;
    }

    private Expression not() {
        if (peek().name("not")) {
            enter();
            int line = take().line();
            Expression e = new Node.Unary("not", not(), line);
            leave();
            return e;
        }
        return comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        int line = peek().line();
        List<String> ops = new ArrayList<>();
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (true) {
            Token t = peek();
            if (t.kind() == Kind.OPERATOR && COMPARISONS.contains(t.text()) || t.name("in")) {
                ops.add(take().text());
            } else if (t.name("not") && tokens.get(at + 1).name("in")) {
                take();
                take();
                ops.add("not in");
            } else {
                break;
            }
            operands.add(sum());
        }
        return ops.isEmpty() ? first : new Node.Comparison(ops, operands, line);
    }

    private Expression sum() {
        Expression e = concat();
        while (peek().op("+") || peek().op("-")) {
            Token t = take();
            e = new Node.Binary(t.text(), e, concat(), t.line());
        }
        return e;
    }

    private Expression concat() {
        Expression e = product();
        while (peek().op("~")) {
            int line = take().line();
            e = new Node.Binary("~", e, product(), line);
        }
        return e;
    }

    private Expression product() {
        Expression e = unary(true);
        while (peek().op("*") || peek().op("/") || peek().op("//") || peek().op("%")) {
            Token t = take();
            e = new Node.Binary(t.text(), e, unary(true), t.line());
        }
        return e;
    }

    private Expression unary(boolean filters) {
        if (peek().op("-") || peek().op("+")) {
            enter();
            Token t = take();
            Expression e = new Node.Unary(t.text(), unary(false), t.line());
            leave();
            return filters ? filters(e) : e;
        }
        Expression e = postfix(primary());
        return filters ? filters(e) : e;
    }

    private Expression primary() {
        Token t = take();
        return switch (t.kind()) {
            case STRING -> {
                StringBuilder all = new StringBuilder(t.text());
                while (peek().kind() == Kind.STRING) {
                    all.append(take().text());
                }
                yield new Node.Literal(all.toString());
            }
            case INTEGER -> new Node.Literal(Long.valueOf(t.text()));
            case FLOAT -> new Node.Literal(Double.valueOf(t.text()));
            case NAME ->
                    switch (t.text()) {
                        case "true", "True" -> new Node.Literal(true);
                        case "false", "False" -> new Node.Literal(false);
                        case "none", "None" -> new Node.Literal(null);
                        default -> new Node.Name(t.text(), t.line());
                    };
            case OPERATOR -> bracket(t);
            default -> throw t.wrong("a value");
        };
    }

    private Expression bracket(Token t) {
        return switch (t.text()) {
            case "(" -> parenthesis();
            case "[" -> list();
            case "{" -> dict();
            default -> throw t.wrong("a value");
        };
    }

    private Expression parenthesis() {
        if (accept(")")) {
            return new Node.ListLiteral(List.of());
        }
        Expression e = tuple();
        expect(")");
        return e;
    }

    private Expression list() {
        List<Expression> items = new ArrayList<>();
        while (!accept("]")) {
            items.add(expression());
            if (!peek().op("]")) {
                expect(",");
            }
        }
        return new Node.ListLiteral(items);
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!accept("}")) {
            keys.add(expression());
            expect(":");
            values.add(expression());
            if (!peek().op("}")) {
                expect(",");
            }
        }
        return new Node.DictLiteral(keys, values);
    }

    Expression postfix(Expression e) {
        Expression all = e;
        while (true) {
            int line = peek().line();
            if (accept(".")) {
                Token t = take();
                if (t.kind() == Kind.INTEGER) {
                    all = new Node.Item(all, new Node.Literal(Long.valueOf(t.text())), line);
                } else if (t.kind() == Kind.NAME) {
                    all = new Node.Attribute(all, t.text(), line);
                } else {
                    throw t.wrong("a name");
                }
            } else if (accept("[")) {
                all = subscript(all, line);
            } else if (peek().op("(")) {
                all = new Node.Call(all, arguments(), line);
            } else {
                return all;
            }
        }
    }

    private Expression subscript(Expression of, int line) {
        Expression[] part = new Expression[3];
        int n = 0;
        boolean slice = false;
        while (!accept("]")) {
            if (accept(":")) {
                slice = true;
                n++;
            } else if (n < 3 && part[n] == null) {
                part[n] = expression();
            } else {
                throw peek().wrong("']'");
            }
        }
        if (!slice && part[0] != null) {
            return new Node.Item(of, part[0], line);
        }
        if (!slice || n > 2) {
            throw Token.wrong(line, "expected an index or a slice between [ and ]");
        }
        return new Node.Slice(of, part[0], part[1], part[2], line);
    }

    private Node.Arguments arguments() {
        expect("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!accept(")")) {
            if (peek().kind() == Kind.NAME && tokens.get(at + 1).op("=")) {
                String name = take().text();
                take();
                named.put(name, expression());
            } else {
                boolean spread = accept("*");
                Expression e = expression();
                positional.add(spread ? new Node.Spread(e) : e);
            }
            if (!peek().op(")")) {
                expect(",");
            }
        }
        return new Node.Arguments(positional, named);
    }

    private Expression filters(Expression e) {
        Expression all = e;
        while (true) {
            int line = peek().line();
            if (accept("|")) {
                String name = expect(Kind.NAME, "a filter").text();
                var arguments = peek().op("(") ? arguments() : Node.Arguments.NONE;
                all = new Node.Filter(all, name, arguments, line);
            } else if (acceptName("is")) {
                boolean negated = acceptName("not");
                String name = expect(Kind.NAME, "a test").text();
                all = new Node.Test(all, name, testArguments(), negated, line);
            } else if (peek().op("(")) {
                all = new Node.Call(all, arguments(), line);
            } else {
                return all;
            }
        }
    }

    private Node.Arguments testArguments() {
        Token t = peek();
        if (t.op("(")) {
            return arguments();
        }
        boolean one =
                switch (t.kind()) {
                    case STRING, INTEGER, FLOAT -> true;
                    case OPERATOR -> t.op("[") || t.op("{");
                    case NAME ->
                            !Set.of("else", "or", "and", "if", "is", "not", "in")
                                    .contains(t.text());
                    default -> false;
                };
        return one
                ? new Node.Arguments(List.of(postfix(primary())), Map.of())
                : Node.Arguments.NONE;
    }
}
