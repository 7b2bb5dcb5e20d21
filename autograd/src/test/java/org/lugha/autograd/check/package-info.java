/**
 * What the tests of this module share beside the kit: arbitraries of shapes, what an op saves, what
 * it rejects. No test.
 */
package org.lugha.autograd.check;
