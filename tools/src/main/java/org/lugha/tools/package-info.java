/** The command line: the root command, how errors become one line, how progress is shown. */
package org.lugha.tools;
