/**
 * One differentiable operation a file: formula, shapes, value and gradient. An op checks shapes and
 * calls kernels; it never asks which device it runs on and never loops over elements. Wrong shapes,
 * and ids out of range on a host, throw a {@link org.lugha.runtime.ShapeException} that names the
 * op, what it expected and what it got. Sources are named where a formula is somebody's.
 */
package org.lugha.autograd.op;
