/**
 * One class a command: options and a few lines that call {@code models}. A command never builds a
 * tensor. The contract of names, formats and exit codes is in docs/commands.md.
 */
package org.lugha.tools.command;
