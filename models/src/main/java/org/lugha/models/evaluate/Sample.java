package org.lugha.models.evaluate;

/**
 * What a model answered.
 *
 * @param prompt as it was asked
 * @param hypothesis the answer
 */
public record Sample(String language, String prompt, String reference, String hypothesis) {}
