/**
 * Reverse-mode differentiation: a tape lists the ops of a step in the order they ran and is walked
 * backwards. Derivatives are written in {@code op}, nowhere else; there are no second derivatives.
 */
package org.lugha.autograd;
