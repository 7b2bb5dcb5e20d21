/**
 * An English-Swahili phrase grammar: the embedded data of the demo. Word lists with noun classes,
 * the agreement rules of Swahili, the matching English forms, and sentence pairs drawn from them.
 * No training, no tokenizers and no files of other people's text belong here.
 */
package org.lugha.tools.demo.swahili;
