package org.lugha.models.evaluate;

import java.util.List;
import java.util.SortedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How good a model is.
 *
 * @param total over all languages: each counted token, and each answer, weighs the same
 * @param samples every answer, file by file in the order of their lines
 */
public record Evaluated(
        LanguageScore total, SortedMap<String, LanguageScore> languages, List<Sample> samples) {

    /** {@code {"total": {...}, "languages": {"yor": {...}}}}, without samples. */
    public ObjectNode json() {
        ObjectNode all = JsonMapper.shared().createObjectNode();
        all.set("total", total.json());
        ObjectNode each = all.putObject("languages");
        languages.forEach((name, score) -> each.set(name, score.json()));
        return all;
    }
}
