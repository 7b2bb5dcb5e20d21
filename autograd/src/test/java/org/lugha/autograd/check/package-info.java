/**
 * What the tests of this module share: arbitraries, gradient checks of an op, the watch on leaks.
 * The only test here is that of the watch.
 */
package org.lugha.autograd.check;
