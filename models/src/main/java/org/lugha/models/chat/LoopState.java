package org.lugha.models.chat;

import java.util.List;

/** The variable {@code loop}. */
record LoopState(List<Object> items, int index0) {
    Object attribute(String name) {
        int n = items.size();
        return switch (name) {
            case "index" -> index0 + 1L;
            case "index0" -> (long) index0;
            case "revindex" -> (long) n - index0;
            case "revindex0" -> (long) n - index0 - 1;
            case "first" -> index0 == 0;
            case "last" -> index0 == n - 1;
            case "length" -> (long) n;
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" -> index0 > 0 ? items.get(index0 - 1) : new Undefined("previtem");
            case "nextitem" -> index0 < n - 1 ? items.get(index0 + 1) : new Undefined("nextitem");
            case "cycle" -> (Callable) (values, _) -> values.get(index0 % values.size());
            default -> new Undefined("loop." + name);
        };
    }
}
