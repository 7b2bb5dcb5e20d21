package org.lugha.autograd.example;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** docs/testing.md shows what is in this package, and what really comes out. */
class PageTest {
    private static final Path PAGE = Path.of("..", "docs", "testing.md");
    private static final Path SOURCES =
            Path.of("src", "test", "java", "org", "lugha", "autograd", "example");

    /** As Square, but for a factor. */
    record HalfSquare() implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            return new Square().forward(ctx, in);
        }

        @Override
        public void backward(Context ctx, Tensor dy) {
            ctx.kernels().elementwise().mul(dy, ctx.input(0), ctx.grad(0));
        }
    }

    @Test
    void theOpAndItsTestAreThoseThatRun() throws IOException {
        assertShown(code("Square.java", "record Square"));
        assertShown(code("SquareTest.java", "import static"));
    }

    @Test
    void theMessageIsTheOneThatComes() throws IOException {
        Tensor x = Tensor.of(Tensors.REFERENCE, Shape.of(2, 2), 0.5, -1.0, 2.0, 3.0);
        AssertionError alone =
                assertThrows(
                        AssertionError.class,
                        () -> OpAssertions.assertGradient(in -> new HalfSquare().apply(in), x));
        assertShown(alone.getMessage());
        AssertionError inside =
                assertThrows(
                        AssertionError.class,
                        () ->
                                OpAssertions.assertGradient(
                                        in -> new HalfSquare().apply(in[0].scale(3)).sum(), x));
        assertShown(inside.getMessage());
    }

    private static void assertShown(String text) throws IOException {
        assertTrue(
                Files.readString(PAGE).replace("\r\n", "\n").contains(text),
                () -> "docs/testing.md does not show this:\n" + text);
    }

    /** From a word to the end of the file, as it stands there. */
    private static String code(String file, String from) throws IOException {
        String all = Files.readString(SOURCES.resolve(file)).replace("\r\n", "\n");
        return all.substring(all.indexOf(from));
    }
}
