package org.lugha.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void counts() {
        Shape s = Shape.of(2, 3, 5);
        assertEquals(30, s.count());
        assertEquals(6, s.rows());
        assertEquals(5, s.last());
        assertEquals(3, s.dim(-2));
        assertEquals(Shape.of(2, 3, 7), s.withLast(7));
    }

    @Test
    void a_scalar_has_one_element() {
        Shape s = Shape.of();
        assertEquals(0, s.rank());
        assertEquals(1, s.count());
        assertEquals(1, s.rows());
        assertEquals(1, s.last());
    }

    @Test
    void counts_pass_two_to_the_31() {
        assertEquals(1L << 40, Shape.of(1 << 20, 1 << 20).count());
    }

    @Test
    void are_equal_by_their_extents() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertEquals("[2, 3]", Shape.of(2, 3).toString());
    }

    @Test
    void do_not_change_with_the_array_they_came_from() {
        int[] dims = {2, 3};
        Shape s = Shape.of(dims);
        dims[0] = 9;
        assertEquals(Shape.of(2, 3), s);
    }

    @Test
    void refuse_negative_extents() {
        var e = assertThrows(ShapeException.class, () -> Shape.of(2, -1));
        assertTrue(e.getMessage().contains("[2, -1]"));
    }
}
