/**
 * Reports as one HTML file that opens offline: headings, tables, line charts as inline SVG. No
 * script, no network, no template engine.
 */
package org.lugha.models.report;
