package org.lugha.autograd.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The shapes of a {@code @ForAll Tensor[]} that share dimensions: {@code @Shapes({"n d", "m d",
 * "m"})}. Equal names are equal extents, drawn once; numbers are fixed; an empty text is a scalar.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.ANNOTATION_TYPE, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Shapes {
    /** One text a tensor, its extents separated by blanks. */
    String[] value();

    int minExtent() default 1;

    int maxExtent() default 5;
}
