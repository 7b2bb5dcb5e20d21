package org.lugha.models.chat;

import java.util.HashMap;
import java.util.Map;

/** Names and what they stand for; what is set inside a loop or a macro stays there. */
final class Frame {
    private final Frame outer;
    private final Map<String, Object> names = new HashMap<>();

    Frame(Frame outer) {
        this.outer = outer;
    }

    Object get(String name) {
        for (Frame f = this; f != null; f = f.outer) {
            if (f.names.containsKey(name)) {
                return f.names.get(name);
            }
        }
        return new Undefined(name);
    }

    void set(String name, Object value) {
        names.put(name, value);
    }
}
