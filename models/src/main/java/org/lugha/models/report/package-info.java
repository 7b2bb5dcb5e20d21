/**
 * What a run tells people: one HTML file that opens offline (headings, tables, line charts as
 * inline SVG; no script, no network, no template engine), and the model card beside the weights.
 */
package org.lugha.models.report;
