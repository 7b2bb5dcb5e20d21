/**
 * What the tests of this module share: arbitraries, gradient checks of an op, the watch on leaks.
 * No tests here.
 */
package org.lugha.autograd.check;
