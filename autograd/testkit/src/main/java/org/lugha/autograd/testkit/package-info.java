/**
 * For tests of ops, here and elsewhere: assertions, arbitraries of tensors, the watch on memory.
 * Uses public API alone. No case of a particular op.
 */
package org.lugha.autograd.testkit;
