/**
 * Chat templates: the subset of Jinja that they are written in, interpreted over given values
 * alone. No reflection, no files, limits on steps, text and depth. What becomes of the text is
 * elsewhere.
 */
package org.lugha.models.chat;
