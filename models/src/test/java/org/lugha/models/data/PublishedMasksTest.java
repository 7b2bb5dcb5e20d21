package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.lugha.models.RequestException;

/** Answers are found in published templates, or refused: a mask is never wrong. */
@EnabledIfSystemProperty(
        named = "lugha.templates",
        matches = ".+",
        disabledReason = "-Dlugha.templates names a folder of templates")
class PublishedMasksTest {
    private static final String MESSAGES =
            """
            {"messages":[{"role":"user","content":"alphaq"},{"role":"assistant","content":"betaq"},
             {"role":"user","content":"gammaq"},{"role":"assistant","content":"deltaq"}]}
            """;

    @Test
    void answersAndNothingOfTheUsersCounts() throws IOException {
        int found = 0;
        int refused = 0;
        Path folder = Path.of(System.getProperty("lugha.templates"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList()) {
                for (Loss loss : new Loss[] {Loss.ASSISTANT, Loss.COMPLETION}) {
                    String counted = counted(file, loss);
                    if (counted == null) {
                        refused++;
                        continue;
                    }
                    found++;
                    String said = file + " " + loss + ": " + counted;
                    assertTrue(counted.contains("deltaq"), said);
                    assertTrue(counted.contains("betaq") == (loss == Loss.ASSISTANT), said);
                    assertTrue(!counted.contains("alphaq") && !counted.contains("gammaq"), said);
                }
            }
        }
        System.out.printf("masks found: %d, refused: %d%n", found, refused);
        assertTrue(found > 0, folder + " holds no templates");
    }

    /** Null where it is refused. */
    private static String counted(Path file, Loss loss) throws IOException {
        String template = Files.readString(file);
        try {
            return TinyText.counted(
                    TinyText.encoder(loss, TextRules.standard(), template)
                            .example(TinyText.line(MESSAGES), TinyText.file("chat")));
        } catch (RequestException e) {
            return null;
        }
    }
}
