package org.lugha.autograd.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every test of this class, and every try of its properties, runs in a scope of its own and fails
 * when it leaves live bytes on a device. Use after free, and reading what was never written, shows
 * with {@code -Dlugha.memory=strict} or {@code confined}, which the build's test plugin has to
 * pass.
 *
 * <p>For all tests of a project at once: the line {@code org.lugha.autograd.testkit.MemoryWatch} in
 * the files {@code META-INF/services/net.jqwik.api.lifecycle.LifecycleHook} and {@code
 * org.junit.jupiter.api.extension.Extension} beside it, and {@code
 * junit.jupiter.extensions.autodetection.enabled = true} in junit-platform.properties.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MemoryWatch.class)
@AddLifecycleHook(MemoryWatch.class)
public @interface StrictMemory {}
