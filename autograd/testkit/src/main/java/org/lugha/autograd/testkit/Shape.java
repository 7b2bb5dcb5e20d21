package org.lugha.autograd.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The shape of a {@code @ForAll Tensor}: given, {@code @Shape({2, 3})}, or drawn within bounds. It
 * shrinks to few axes of few elements. Of a {@code @ForAll org.lugha.runtime.Shape} likewise.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.ANNOTATION_TYPE, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Shape {
    /** All extents; if there are none they are drawn. */
    int[] value() default {};

    int minRank() default 1;

    int maxRank() default 3;

    int minExtent() default 1;

    int maxExtent() default 7;

    /** Larger ones are not drawn: a gradient check takes time for every element. */
    int maxElements() default 60;
}
