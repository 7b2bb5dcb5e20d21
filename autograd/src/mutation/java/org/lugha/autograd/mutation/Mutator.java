package org.lugha.autograd.mutation;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeKind;

/**
 * Changes the methods that only backward uses: a sign is turned (of the incoming gradient, of a sum
 * of floating-point numbers) or a term is dropped (a call that adds a contribution, one side of a
 * sum).
 */
final class Mutator extends TreePathScanner<Void, Void> {
    /** What is asked of dy that has nothing to do with its values. */
    private static final Set<String> PLAIN =
            Set.of("device", "dtype", "shape", "dim", "count", "emptyLike", "emptyWithLast");

    /** Squared wherever backward uses it, or nothing at all: its sign does not matter. */
    private static final String EVEN = "cap|softCap|0";

    /** Appended to an op: turns the sign of a gradient. */
    private static final String MINUS =
            """
            static Tensor minus(Tensor t) {
                Tensor y = t.emptyLike();
                t.device().kernels().elementwise().scale(-1, t, org.lugha.runtime.spi.Into.overwrite(y));
                return y;
            }
            """;

    private final String type;
    private final List<String> tests;
    private final String source;
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final Set<String> backward;
    private final List<Mutant> found = new ArrayList<>();

    private Mutator(
            String type,
            List<String> tests,
            String source,
            CompilationUnitTree unit,
            Trees trees,
            Set<String> backward) {
        this.type = type;
        this.tests = tests;
        this.source = source;
        this.unit = unit;
        this.trees = trees;
        this.backward = backward;
    }

    /** Every mutant of a file. */
    static List<Mutant> of(Path file, Sources sources, Compiler compiler) throws Exception {
        String type = sources.type(file);
        JavacTask task = compiler.task(file);
        CompilationUnitTree unit = task.parse().iterator().next();
        task.analyze();
        String source = unit.getSourceFile().getCharContent(true).toString();
        Set<String> backward = Reach.ofBackward(unit);
        var m =
                new Mutator(
                        type, sources.tests(file), source, unit, Trees.instance(task), backward);
        m.scan(unit, null);
        return m.found;
    }

    @Override
    public Void visitMethod(MethodTree m, Void p) {
        return backward.contains(m.getName().toString()) ? super.visitMethod(m, null) : null;
    }

    @Override
    public Void visitExpressionStatement(ExpressionStatementTree s, Void p) {
        if (s.getExpression() instanceof MethodInvocationTree) {
            replace(s, ";", "the call is left out");
        }
        return super.visitExpressionStatement(s, null);
    }

    @Override
    public Void visitIdentifier(IdentifierTree i, Void p) {
        Tree parent = getCurrentPath().getParentPath().getLeaf();
        boolean values =
                !(parent instanceof MemberSelectTree m)
                        || !PLAIN.contains(m.getIdentifier().toString());
        if (type.contains(".op.") && i.getName().contentEquals("dy") && values) {
            replace(i, "minus(dy)", "dy has its sign turned");
        }
        return super.visitIdentifier(i, null);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void p) {
        var method = trees.getElement(new TreePath(getCurrentPath(), call.getMethodSelect()));
        if (type.contains(".op.") && method instanceof ExecutableElement e && !e.isVarArgs()) {
            for (int i = 0; i < call.getArguments().size(); i++) {
                Tree a = call.getArguments().get(i);
                var to = e.getParameters().get(i);
                if (to.asType().getKind() == TypeKind.DOUBLE && !text(a).matches(EVEN)) {
                    replace(a, "-(" + text(a) + ")", "the sign of " + text(a));
                }
            }
        }
        return super.visitMethodInvocation(call, null);
    }

    @Override
    public Void visitBinary(BinaryTree b, Void p) {
        boolean plus = b.getKind() == Tree.Kind.PLUS;
        if ((plus || b.getKind() == Tree.Kind.MINUS) && isReal()) {
            String left = text(b.getLeftOperand());
            String right = text(b.getRightOperand());
            replace(b, left + (plus ? "-" : "+") + "(" + right + ")", "the sign of " + right);
            replace(b, left, "without " + right);
            replace(b, plus ? right : "-(" + right + ")", "without " + left);
        } else if (b.getKind() == Tree.Kind.MULTIPLY && isReal() && !isFactor()) {
            replace(b, "-(" + text(b) + ")", "the sign of " + text(b));
        }
        return super.visitBinary(b, null);
    }

    @Override
    public Void visitUnary(UnaryTree u, Void p) {
        if (u.getKind() == Tree.Kind.UNARY_MINUS && isReal()) {
            replace(u, text(u.getExpression()), "the minus is left out");
        }
        return super.visitUnary(u, null);
    }

    @Override
    public Void visitCompoundAssignment(CompoundAssignmentTree a, Void p) {
        if (a.getKind() == Tree.Kind.PLUS_ASSIGNMENT && isReal()) {
            String to = text(a.getVariable());
            replace(a, to + "-=" + text(a.getExpression()), "the sign of what is added to " + to);
            replace(a, to + "+=0", "nothing is added to " + to);
        }
        return super.visitCompoundAssignment(a, null);
    }

    /** Part of a larger product, whose sign is turned already. */
    private boolean isFactor() {
        Tree parent = getCurrentPath().getParentPath().getLeaf();
        return parent.getKind() == Tree.Kind.MULTIPLY || parent.getKind() == Tree.Kind.DIVIDE;
    }

    private boolean isReal() {
        var kind = trees.getTypeMirror(getCurrentPath()).getKind();
        return kind == TypeKind.DOUBLE || kind == TypeKind.FLOAT;
    }

    private String text(Tree t) {
        return source.substring(start(t), end(t));
    }

    private int start(Tree t) {
        return (int) trees.getSourcePositions().getStartPosition(unit, t);
    }

    private int end(Tree t) {
        return (int) trees.getSourcePositions().getEndPosition(unit, t);
    }

    private void replace(Tree t, String by, String change) {
        String whole = source.substring(0, start(t)) + by + source.substring(end(t));
        if (by.contains("minus(dy)")) {
            int last = whole.lastIndexOf('}');
            whole = whole.substring(0, last) + MINUS + "}\n";
        }
        long line = unit.getLineMap().getLineNumber(start(t));
        found.add(new Mutant(type, tests, line, change.replaceAll("\\s+", " "), whole));
    }
}
