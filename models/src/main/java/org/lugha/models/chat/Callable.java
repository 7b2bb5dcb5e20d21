package org.lugha.models.chat;

import java.util.List;
import java.util.Map;

/** A macro, a method of a value, or a function that every template has. */
@FunctionalInterface
interface Callable {
    Object call(List<Object> positional, Map<String, Object> named);
}
