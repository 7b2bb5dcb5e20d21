package org.lugha.autograd.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.lugha.runtime.DType;

/**
 * The elements of a drawn tensor. Ordinary ones are all different and none is 0, so that central
 * differences do not meet a kink by chance; edge values come where they are asked for, in some
 * tries and in about half of the elements. They shrink to few digits and no edge values.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.ANNOTATION_TYPE, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Values {
    double from() default -2;

    /** Above {@code from}. */
    double to() default 2;

    /** Kinds of edge values to mix in. */
    Edge[] edges() default {};

    /** F64 for gradient checks; I32 gives whole numbers of {@code [from, to)}, ids for example. */
    DType dtype() default DType.F64;
}
