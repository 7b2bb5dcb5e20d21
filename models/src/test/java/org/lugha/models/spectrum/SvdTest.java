package org.lugha.models.spectrum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.Philox;

class SvdTest {
    static double[][] random(long seed, int columns, int rows) {
        double[][] x = new double[columns][rows];
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                x[j][i] = Philox.normal(seed, (long) j * rows + i);
            }
        }
        return x;
    }

    @Property
    void vectorsAreOrthonormalAndGiveTheMatrixBack(
            @ForAll @IntRange(min = 1, max = 7) int columns,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll long seed) {
        double[][] x = random(seed, columns, rows);
        requireDecomposes(x, Svd.of(x));
    }

    private static void requireDecomposes(double[][] x, Svd svd) {
        int n = x.length;
        double[][] back = new double[n][x[0].length];
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
                Vectors.add(svd.s()[k] * svd.v()[k][j], svd.u()[k], back[j]);
                double same = j == k ? 1 : 0;
                assertEquals(same, Vectors.dot(svd.v()[j], svd.v()[k]), 1e-12);
                if (svd.s()[j] > 1e-10 && svd.s()[k] > 1e-10) {
                    assertEquals(same, Vectors.dot(svd.u()[j], svd.u()[k]), 1e-12);
                }
            }
            assertTrue(k == 0 || svd.s()[k] <= svd.s()[k - 1]);
        }
        for (int j = 0; j < n; j++) {
            assertArrayEquals(x[j], back[j], 1e-11);
        }
    }

    @Test
    void valuesThatAreKnown() {
        // [[3, 0], [4, 5]] has sqrt(45) and sqrt(5).
        Svd svd = Svd.of(new double[][] {{3, 4}, {0, 5}});
        assertArrayEquals(new double[] {Math.sqrt(45), Math.sqrt(5)}, svd.s(), 1e-14);
        assertEquals(Math.sqrt(50), svd.norm(), 1e-14);
        // Of rank one, and nothing at all.
        svd = Svd.of(new double[][] {{1, 2, 2}, {2, 4, 4}});
        assertArrayEquals(new double[] {Math.sqrt(45), 0}, svd.s(), 1e-14);
        assertArrayEquals(new double[2], Svd.of(new double[2][3]).s());
    }

    @Property
    void aProductIsDecomposedWithoutBeingMade(
            @ForAll @IntRange(min = 1, max = 4) int rank, @ForAll long seed) {
        double[][] b = random(seed, rank, 6);
        double[][] a = random(seed + 1, rank, 5);
        double[][] product = Vectors.product(b, Svd.transposed(a));
        Svd whole = Svd.of(product);
        Svd svd = Svd.ofProduct(b, a);
        for (int k = 0; k < rank; k++) {
            assertEquals(whole.s()[k], svd.s()[k], 1e-12);
        }
        double[][] back = new double[5][6];
        for (int k = 0; k < rank; k++) {
            for (int j = 0; j < 5; j++) {
                Vectors.add(svd.s()[k] * svd.v()[k][j], svd.u()[k], back[j]);
            }
        }
        for (int j = 0; j < 5; j++) {
            assertArrayEquals(product[j], back[j], 1e-12);
        }
    }

    @Test
    void aProductWithNothingInItIsNothing() {
        Svd svd = Svd.ofProduct(new double[2][6], random(1, 2, 5));
        assertArrayEquals(new double[2], svd.s());
    }
}
