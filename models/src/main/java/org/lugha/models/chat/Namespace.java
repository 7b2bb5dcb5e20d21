package org.lugha.models.chat;

import java.util.LinkedHashMap;
import java.util.Map;

/** The one value whose attributes a template may set. */
record Namespace(Map<String, Object> values) {
    Namespace(Map<String, Object> values) {
        this.values = new LinkedHashMap<>(values);
    }
}
