package org.lugha.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LayoutTest {
    @Test
    void contiguous_is_row_major() {
        Layout l = Layout.contiguous(Shape.of(2, 3, 5));
        assertTrue(l.isContiguous());
        for (int i = 0; i < 30; i++) {
            assertEquals(i, l.at(i));
        }
    }

    @Property
    void transpose_exchanges_indices(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns) {
        Layout l = Layout.contiguous(Shape.of(rows, columns));
        Layout t = l.transpose(0, 1);
        assertEquals(Shape.of(columns, rows), t.shape());
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                assertEquals(l.at((long) i * columns + j), t.at((long) j * rows + i));
            }
        }
        assertEquals(l, t.transpose(-1, -2));
    }

    @Property
    void slice_starts_where_it_says(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll @IntRange(max = 8) int a,
            @ForAll @IntRange(max = 8) int b) {
        int from = Math.min(Math.min(a, b), columns);
        int to = Math.min(Math.max(a, b), columns);
        Layout s = Layout.contiguous(Shape.of(rows, columns)).slice(1, from, to);
        for (int i = 0; i < rows; i++) {
            for (int j = from; j < to; j++) {
                assertEquals((long) i * columns + j, s.at((long) i * (to - from) + j - from));
            }
        }
    }

    @Test
    void select_drops_the_axis() {
        Layout l = Layout.contiguous(Shape.of(2, 3, 5));
        Layout middle = l.select(1, 2);
        assertEquals(Shape.of(2, 5), middle.shape());
        for (int i = 0; i < 10; i++) {
            assertEquals(i / 5 * 15 + 10 + i % 5, middle.at(i));
        }
        assertEquals(l.select(2, 1), l.select(-1, 1));
        assertTrue(l.select(0, 1).isContiguous());
        assertEquals(
                "select: axis 1 of [2, 3, 5] has 3 elements, asked for number 3",
                assertThrows(ShapeException.class, () -> l.select(1, 3)).getMessage());
    }

    @Property
    void expand_repeats_elements(
            @ForAll @IntRange(min = 1, max = 5) int outer,
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 5) int inner) {
        Layout l = Layout.contiguous(Shape.of(4, rows, 1)).slice(0, 1, 2);
        Layout e = l.expand(Shape.of(2, outer, rows, inner));
        assertEquals(Shape.of(2, outer, rows, inner), e.shape());
        for (int i = 0; i < e.shape().count(); i++) {
            assertEquals(l.at(i / inner % rows), e.at(i));
        }
    }

    @Test
    void expand_names_both_shapes() {
        Layout l = Layout.contiguous(Shape.of(2, 1));
        for (Shape to : new Shape[] {Shape.of(3, 4), Shape.of(2), Shape.of(2, 1, 2)}) {
            String message = assertThrows(ShapeException.class, () -> l.expand(to)).getMessage();
            assertTrue(message.startsWith("expand: [2, 1] does not fill " + to), message);
        }
        assertEquals(l, l.expand(Shape.of(2, 1)));
    }

    @Test
    void axes_of_extent_one_do_not_matter() {
        Layout l = Layout.contiguous(Shape.of(4, 1, 3)).transpose(0, 1);
        assertTrue(l.isContiguous());
        assertEquals(Shape.of(12), l.reshape(Shape.of(12)).shape());
    }

    @Test
    void leading_part_is_contiguous_and_a_column_is_not() {
        Layout l = Layout.contiguous(Shape.of(4, 3));
        assertTrue(l.slice(0, 1, 3).isContiguous());
        assertEquals(3, l.slice(0, 1, 3).at(0));
        assertFalse(l.slice(1, 0, 1).isContiguous());
        assertTrue(l.slice(1, 1, 1).isContiguous(), "nothing lies without gaps");
    }

    @Test
    void reshape_refuses_gaps_and_other_counts() {
        Layout l = Layout.contiguous(Shape.of(4, 3));
        var count = assertThrows(ShapeException.class, () -> l.reshape(Shape.of(5)));
        assertEquals("view: [4, 3] has 12 elements, [5] needs 5", count.getMessage());
        var gaps =
                assertThrows(ShapeException.class, () -> l.transpose(0, 1).reshape(Shape.of(12)));
        assertEquals(
                "view: [3, 4] is not contiguous; copy it first with contiguous()",
                gaps.getMessage());
    }

    @Test
    void slice_and_transpose_name_what_does_not_exist() {
        Layout l = Layout.contiguous(Shape.of(4, 3));
        assertEquals(
                "slice: axis 1 of [4, 3] has 3 elements, asked for 1 to 4",
                assertThrows(ShapeException.class, () -> l.slice(1, 1, 4)).getMessage());
        assertEquals(
                "axis 2 does not exist in [4, 3]",
                assertThrows(ShapeException.class, () -> l.transpose(0, 2)).getMessage());
    }
}
