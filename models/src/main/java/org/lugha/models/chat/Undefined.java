package org.lugha.models.chat;

/** What a name or a key that is not there gives. */
record Undefined(String name) {}
