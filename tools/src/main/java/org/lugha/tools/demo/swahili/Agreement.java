package org.lugha.tools.demo.swahili;

/** What an English subject asks of its verb; "you" agrees as the plural does. */
enum Agreement {
    FIRST_SINGULAR,
    THIRD_SINGULAR,
    PLURAL
}
