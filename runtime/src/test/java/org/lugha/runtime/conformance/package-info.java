/**
 * Every kernel of a device against {@code reference}, one class a family; the device is named by
 * the property {@code lugha.conformance}, {@code cpu} unless said otherwise. What only one device
 * has, and what is no kernel, is tested elsewhere.
 */
package org.lugha.runtime.conformance;
