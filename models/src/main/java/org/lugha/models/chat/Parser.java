package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.List;
import org.lugha.models.chat.Node.Expression;
import org.lugha.models.chat.Node.Statement;
import org.lugha.models.chat.Token.Kind;

/** Statements. What chat templates have no need for is refused by name. */
final class Parser {
    private final ExpressionParser in;

    private Parser(List<Token> tokens) {
        in = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String source) {
        Parser p = new Parser(new Lexer(source).tokens());
        List<Statement> all = p.body();
        Token t = p.in.peek();
        if (t.kind() != Kind.END) {
            throw t.wrong("no such block here");
        }
        return all;
    }

    /** Up to the end or a block whose name is not a statement's. */
    private List<Statement> body() {
        in.enter();
        List<Statement> all = new ArrayList<>();
        while (true) {
            Token t = in.peek();
            switch (t.kind()) {
                case DATA -> all.add(new Node.Data(in.take().text()));
                case PRINT_BEGIN -> {
                    in.take();
                    all.add(new Node.Print(in.tuple()));
                    in.expect(Kind.PRINT_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    in.take();
                    Token name = in.peek();
                    if (name.kind() == Kind.NAME && isEnd(name.text())) {
                        in.leave();
                        return all;
                    }
                    all.add(statement(in.expect(Kind.NAME, "a statement")));
                }
                default -> {
                    in.leave();
                    return all;
                }
            }
        }
    }

    private static boolean isEnd(String name) {
        return name.startsWith("end") || name.equals("else") || name.equals("elif");
    }

    private Statement statement(Token name) {
        return switch (name.text()) {
            case "if" -> conditional();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "call" -> caller();
            case "generation" -> {
                close();
                yield new Node.Generation(until("endgeneration"));
            }
            case "break" -> {
                close();
                yield new Node.Break();
            }
            case "continue" -> {
                close();
                yield new Node.Continue();
            }
            default ->
                    throw Token.wrong(
                            name.line(),
                            "the statement '"
                                    + name.text()
                                    + "' is not supported in chat templates");
        };
    }

    private void close() {
        in.expect(Kind.BLOCK_END, "'%}'");
    }

    /** A body that this block ends. */
    private List<Statement> until(String end) {
        List<Statement> all = body();
        if (!in.acceptName(end)) {
            throw in.peek().wrong("{% " + end + " %}");
        }
        close();
        return all;
    }

    private Statement conditional() {
        List<Expression> conditions = new ArrayList<>(List.of(in.tuple()));
        List<List<Statement>> branches = new ArrayList<>();
        close();
        while (true) {
            branches.add(body());
            if (in.acceptName("elif")) {
                conditions.add(in.tuple());
                close();
            } else if (in.acceptName("else")) {
                close();
                branches.add(until("endif"));
                break;
            } else if (in.acceptName("endif")) {
                close();
                break;
            } else {
                throw in.peek().wrong("{% endif %}");
            }
        }
        return new Node.If(conditions, branches);
    }

    private Statement loop() {
        List<String> targets = new ArrayList<>();
        boolean bracket = in.accept("(");
        do {
            targets.add(in.expect(Kind.NAME, "a name").text());
        } while (in.accept(","));
        if (bracket) {
            in.expect(")");
        }
        if (!in.acceptName("in")) {
            throw in.peek().wrong("'in'");
        }
        Expression over = in.or();
        Expression filter = in.acceptName("if") ? in.expression() : null;
        close();
        List<Statement> body = body();
        List<Statement> otherwise = List.of();
        if (in.acceptName("else")) {
            close();
            otherwise = body();
        }
        if (!in.acceptName("endfor")) {
            throw in.peek().wrong("{% endfor %}");
        }
        close();
        return new Node.For(targets, over, filter, body, otherwise);
    }

    private Statement assignment() {
        List<Expression> targets = new ArrayList<>();
        do {
            Token name = in.expect(Kind.NAME, "a name");
            Expression target = new Node.Name(name.text(), name.line());
            if (in.accept(".")) {
                String attribute = in.expect(Kind.NAME, "a name").text();
                target = new Node.Attribute(target, attribute, name.line());
            }
            targets.add(target);
        } while (in.accept(","));
        if (in.accept("=")) {
            Expression value = in.tuple();
            close();
            return new Node.Set(targets, value);
        }
        if (targets.size() > 1 || in.peek().kind() != Kind.BLOCK_END) {
            throw in.peek().wrong("'='");
        }
        close();
        return new Node.SetBlock(targets.getFirst(), until("endset"));
    }

    private Statement caller() {
        Token at = in.peek();
        if (!(in.expression() instanceof Node.Call call)) {
            throw at.wrong("a macro's call");
        }
        close();
        return new Node.CallBlock(call, until("endcall"));
    }

    private Statement macro() {
        String name = in.expect(Kind.NAME, "a name").text();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        in.expect("(");
        while (!in.accept(")")) {
            parameters.add(in.expect(Kind.NAME, "a parameter").text());
            defaults.add(in.accept("=") ? in.expression() : null);
            if (!in.peek().op(")")) {
                in.expect(",");
            }
        }
        close();
        return new Node.Macro(name, parameters, defaults, until("endmacro"));
    }
}
