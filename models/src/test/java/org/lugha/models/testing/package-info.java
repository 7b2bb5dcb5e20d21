/**
 * What the tests of this module share: the watch on leaks. Models and data to test with are made in
 * the packages that need them.
 */
package org.lugha.models.testing;
