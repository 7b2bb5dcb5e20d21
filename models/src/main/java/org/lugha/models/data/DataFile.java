package org.lugha.models.data;

import java.nio.file.Path;

/**
 * One file of examples.
 *
 * @param language of all its examples; empty where the lines say it, or nobody does
 * @param format how a line becomes an example: see {@link Encoder#line}
 */
public record DataFile(Path path, String language, String format, String licence) {}
