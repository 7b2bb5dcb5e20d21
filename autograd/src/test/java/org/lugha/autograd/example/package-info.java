/**
 * What docs/testing.md shows: an op of somebody else's, its test, and what a wrong gradient looks
 * like. Nothing that the page does not show.
 */
package org.lugha.autograd.example;
