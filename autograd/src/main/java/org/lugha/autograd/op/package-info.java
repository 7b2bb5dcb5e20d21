/**
 * One differentiable operation a file: formula, shapes, value and gradient. An op checks shapes and
 * calls kernels; it never asks which device it runs on and never loops over elements.
 */
package org.lugha.autograd.op;
