/**
 * What a device implements: memory and one small interface per kernel family. In a kernel signature
 * a Tensor is read and an Into is written. Implementations live elsewhere.
 */
package org.lugha.runtime.spi;
