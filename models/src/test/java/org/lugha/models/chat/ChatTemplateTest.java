package org.lugha.models.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against what transformers renders (golden/chat.py), and templates that mean no good. */
class ChatTemplateTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, String> TOKENS =
            Map.of("bos_token", "<s>", "eos_token", "</s>");

    private static String render(String template, String messages) {
        return new ChatTemplate(template, TOKENS).render(JSON.readTree(messages), false).text();
    }

    /** What is said of a template, within a second of this thread's own time or a little more. */
    private static String refusal(String template) {
        var clock = ManagementFactory.getThreadMXBean();
        long before = clock.getCurrentThreadCpuTime();
        var e =
                assertThrows(
                        RequestException.class,
                        () -> render(template, "[{\"role\": \"user\"}]"),
                        template);
        long took = clock.getCurrentThreadCpuTime() - before;
        assertTrue(took < 2_000_000_000L, () -> took + " ns for " + template);
        return e.getMessage();
    }

    @Test
    void whatTransformersRenders() throws IOException {
        String own = System.getProperty("lugha.chat.cases");
        Path file =
                own == null
                        ? SharedData.beside(ChatTemplateTest.class, "chat.jsonl")
                        : Path.of(own);
        List<ChatTemplate> templates = new ArrayList<>();
        int compared = 0;
        for (String line : Files.readAllLines(file)) {
            JsonNode c = JSON.readTree(line);
            if (c.has("template")) {
                templates.add(new ChatTemplate(c.get("template").stringValue(), TOKENS));
                continue;
            }
            Map<String, JsonNode> more = new HashMap<>();
            c.get("more").forEachEntry(more::put);
            more.put("tools", c.get("tools"));
            ChatTemplate t = templates.get(c.get("use").intValue());
            JsonNode messages = c.get("messages");
            boolean prompt = c.get("prompt").booleanValue();
            if (c.get("text").isNull()) {
                assertThrows(RequestException.class, () -> t.render(messages, prompt, more), line);
            } else {
                assertEquals(
                        c.get("text").stringValue(), t.render(messages, prompt, more).text(), line);
            }
            compared++;
        }
        assertTrue(compared >= 60);
    }

    @Test
    void whatTheModelMakesIsMarked() {
        var t =
                new ChatTemplate(
                        "{% for m in messages %}[{% generation %}{{ m.content }}{% endgeneration %}]"
                                + "{% endfor %}",
                        Map.of());
        var r = t.render(JSON.readTree("[{\"content\": \"ab\"}, {\"content\": \"c\"}]"), false);
        assertEquals("[ab][c]", r.text());
        assertEquals(
                List.of(new ChatTemplate.Span(1, 3), new ChatTemplate.Span(5, 6)), r.generated());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% for a in range(999999999) %}{% endfor %}",
                "{% set ns = namespace(x='ab') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}"
                        + "{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for a in range(99) %}{% set ns.x = [ns.x, ns.x] %}"
                        + "{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[1]) %}{% for a in range(99) %}{% set ns.x = [ns.x, ns.x] %}"
                        + "{% endfor %}{{ ns.x | tojson }}",
                "{% set ns = namespace(x=[]) %}{% for a in range(90000) %}{% set ns.x = [ns.x] %}"
                        + "{% endfor %}{{ ns.x }}",
                "{{ 'a' * 999999999999 }}",
                "{{ 'a' | indent(999999999) }}",
                "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
                "{% macro m(x) %}{{ m(x) }}{{ m(x) }}{% endmacro %}{{ m(1) }}",
                "{% macro m() %}{% call m() %}{{ m() }}{% endcall %}{% endmacro %}{{ m() }}",
                "{{ (['a' * 1000000] * 1000000) | sort }}",
                "{% for x in 'a' * 40000000 %}{% endfor %}",
                "{{ ('\\n' * 40000000) | indent(2) | length }}",
                "{{ ('a' * 40000000).split('a') | length }}",
                "{% set ns = namespace(x=[]) %}{% for a in range(2000) %}{% set ns.x = [ns.x] %}"
                        + "{% endfor %}{{ ns.x | tojson(indent=60) }}",
            })
    void whatDoesNotEndIsEnded(String template) {
        assertTrue(refusal(template).startsWith("chat template"), template);
    }

    /** A value as large as 2^60 in all, and what may be done with it: nothing that looks at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ {x: 1} }}",
                "{{ {}[x] }}",
                "{{ [x] | unique }}",
                "{{ x == x }}",
                "{{ x in [1, x] }}",
                "{{ x is lower }}",
                "{{ 'a' | replace('a', x) }}",
                "{{ [1, 2] | join(x) }}",
                "{{ x | map('string') | list }}",
                "{{ raise_exception(x) }}",
            })
    void whatDoublesIsNotFollowed(String template) {
        String doubled =
                "{% set ns = namespace(x=[1]) %}{% for a in range(60) %}{% set ns.x = [ns.x, ns.x] %}"
                        + "{% endfor %}{% set x = ns.x %}";
        assertTrue(refusal(doubled + template).contains("chat template"), template);
    }

    /** A long text that is looked at over and over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "b.upper() == 'x'",
                "b.startswith('b')",
                "b | length",
                "b.strip()",
                "b == c",
                "b < c",
                "'c' in b",
                "b.find('c')",
                "b[0]",
                "b is lower",
                "b | float",
                "strftime_now(b)",
            })
    void whatIsLongIsNotReadForEver(String expression) {
        String template =
                "{% set b = 'ab' * 1000000 %}{% set c = 'ab' * 1000000 %}{% for i in range(90000) %}"
                        + "{% if "
                        + expression
                        + " %}{% endif %}{% endfor %}";
        assertTrue(refusal(template).startsWith("chat template"), expression);
    }

    @Test
    void whatIsNotKnownOrNotAllowedIsRefusedByName() {
        for (String[] bad :
                new String[][] {
                    {"{% include 'x' %}", "'include'"},
                    {"{{ messages | shuffle }}", "'shuffle'"},
                    {"{{ messages is prime }}", "'prime'"},
                    {"{{ messages.append(1) }}", "'append'"},
                    {"{{ ''.__class__.__mro__ }}", "not defined"},
                    {"{{ messages.getClass().forName('x') }}", "getClass"},
                    {"{{ nothing.here }}", "'nothing' is not defined"},
                    {"{{ 1 + 'a' }}", "'+'"},
                    {"{{ 1 / 0 }}", "zero"},
                    {"{% if x %}", "endif"},
                    {"a\nb{{ x", "line 2"},
                    {"{{ x ]", "close"},
                    {"{% set messages.x = 1 %}", "namespace"},
                    {"{{ raise_exception('no roles') }}", "no roles"},
                    {"{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + "}}", "nesting"},
                    {"{{ 1" + "+1".repeat(200_000) + " }}", "deeply"},
                }) {
            String message = refusal(bad[0]);
            assertTrue(message.contains(bad[1]), message);
        }
    }

    @Test
    void timeIsWrittenAsCDoes() {
        var t = LocalDateTime.of(2025, 7, 4, 9, 5, 6);
        assertEquals("04 Jul 2025", TimeFormat.of("%d %b %Y", t));
        assertEquals(
                "4/7/25 09:05:06 AM Friday 100%",
                TimeFormat.of("%-d/%-m/%y %H:%M:%S %p %A 100%%", t));
        assertEquals(
                LocalDateTime.now(ZoneId.systemDefault()).getYear() + "",
                render("{{ strftime_now('%Y') }}", "[]"));
    }

    @Test
    void aFolderSaysWhereItsTemplateIs(@TempDir Path folder) throws IOException {
        assertTrue(ChatTemplateFiles.find(folder).isEmpty());
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(
                config,
                """
                {"bos_token": {"content": "<b>"}, "chat_template": [
                  {"name": "tool_use", "template": "no"},
                  {"name": "default", "template": "{{ bos_token }}{{ messages|length }}"}]}
                """);
        JsonNode one = JSON.readTree("[{\"role\": \"user\", \"content\": \"x\"}]");
        assertEquals("<b>1", ChatTemplateFiles.find(folder).orElseThrow().render(one, true).text());
        Files.writeString(folder.resolve("chat_template.jinja"), "file {{ bos_token }}\n");
        assertEquals(
                "file <b>", ChatTemplateFiles.find(folder).orElseThrow().render(one, true).text());
        Files.delete(folder.resolve("chat_template.jinja"));
        Files.writeString(
                config, "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}");
        assertThrows(RequestException.class, () -> ChatTemplateFiles.find(folder));
    }
}
