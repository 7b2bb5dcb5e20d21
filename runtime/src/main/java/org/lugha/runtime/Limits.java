package org.lugha.runtime;

/**
 * What a device can do at most, to hold a kernel's rate against.
 *
 * @param flops F32 operations a second, a fused multiply-add counted as two
 * @param bytes bytes a second read from memory beyond the caches
 * @param how in words, how the two were found
 */
public record Limits(double flops, double bytes, String how) {}
