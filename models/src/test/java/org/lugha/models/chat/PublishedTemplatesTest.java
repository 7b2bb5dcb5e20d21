package org.lugha.models.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.lugha.models.RequestException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Templates that are published, none of which is part of this repository: {@code
 * src/test/golden/templates.py} writes what transformers makes of a folder of them.
 */
@EnabledIfSystemProperty(
        named = "lugha.templates",
        matches = ".+",
        disabledReason = "-Dlugha.templates names a folder of templates and their renderings")
class PublishedTemplatesTest {
    private static final Map<String, String> SPECIAL =
            Map.of(
                    "bos_token",
                    "<s>",
                    "eos_token",
                    "</s>",
                    "pad_token",
                    "<pad>",
                    "unk_token",
                    "<unk>");

    @Test
    void everyRenderingIsTransformersOwn() throws IOException {
        Path folder = Path.of(System.getProperty("lugha.templates"));
        List<String> wrong = new ArrayList<>();
        int renderings = 0;
        int templates = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList()) {
                String name = file.getFileName().toString().replace(".jinja", "");
                ChatTemplate template = template(file);
                for (JsonNode c :
                        JsonMapper.shared()
                                .readTree(Files.readString(folder.resolve(name + ".json")))) {
                    String expected = c.get("text").isNull() ? null : c.get("text").stringValue();
                    renderings++;
                    if (!Objects.equals(expected, rendered(template, c))) {
                        wrong.add(name + ", " + c.get("name").stringValue());
                    }
                }
                templates++;
            }
        }
        System.out.printf(
                "%d templates, %d renderings, %d differ%n", templates, renderings, wrong.size());
        assertTrue(renderings > 0, folder + " holds no templates");
        assertEquals(List.of(), wrong);
    }

    /** Null where it cannot be read. */
    private static ChatTemplate template(Path file) throws IOException {
        try {
            return new ChatTemplate(Files.readString(file), SPECIAL);
        } catch (RequestException e) {
            return null;
        }
    }

    /** Null where it is refused. */
    private static String rendered(ChatTemplate template, JsonNode c) {
        Map<String, JsonNode> more = new TreeMap<>();
        c.get("more").forEachEntry(more::put);
        if (!c.get("tools").isNull()) {
            more.put("tools", c.get("tools"));
        }
        try {
            return template == null
                    ? null
                    : template.render(c.get("messages"), c.get("prompt").booleanValue(), more)
                            .text();
        } catch (RequestException e) {
            return null;
        }
    }
}
