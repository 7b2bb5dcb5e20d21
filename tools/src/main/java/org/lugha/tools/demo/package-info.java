/**
 * The demo: from text in two languages to an adapter that translates, end to end, on data the
 * grammar in {@code swahili} makes up. Everything it does, the commands can do on real files.
 */
package org.lugha.tools.demo;
