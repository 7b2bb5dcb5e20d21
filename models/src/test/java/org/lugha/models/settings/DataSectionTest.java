package org.lugha.models.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.models.RequestException;
import org.lugha.models.data.Loss;
import org.lugha.models.tokenizer.Normalization;

class DataSectionTest {
    @TempDir private Path folder;

    private RunConfig read(String data) throws IOException {
        Path file = folder.resolve("run.yaml");
        Files.writeString(file, "model: {path: m}\nsteps: 1\noutput: o\ndata: " + data + "\n");
        return RunFile.read(file, List.of());
    }

    @Test
    void whatIsDoneToTextIsRead() throws IOException {
        RunConfig run =
                read(
                        "{train: [{path: a, format: chat, loss: assistant}, {path: b, format:"
                                + " completion, task: qa, answer: answer}], normalization: nfc,"
                                + " control: remove, long_text: cut, chat_template: chatml,"
                                + " tags: {tasks: [translate], answers: [yor, ibo]}}");
        var first = run.data().train().getFirst();
        assertEquals(Optional.of(Loss.ASSISTANT), first.loss());
        assertEquals("qa answer", run.data().train().get(1).task() + " answer");
        assertEquals(Normalization.NFC, run.data().text().form());
        assertTrue(run.data().text().removeControl());
        assertTrue(!run.data().text().splitLong());
        assertEquals(Optional.of("chatml"), run.data().chatTemplate());
        assertEquals(
                "[\"yor\",\"ibo\"]",
                run.resolved().get("data").get("tags").get("answers").toString());
    }

    @Test
    void nothingSaidLosesNothing() throws IOException {
        var data = read("{train: [{path: a}]}").data();
        assertEquals(Normalization.NONE, data.text().form());
        assertTrue(data.text().splitLong() && !data.text().removeControl());
        assertTrue(data.text().tags().isEmpty());
        assertEquals(Optional.empty(), data.train().getFirst().loss());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{path: a, format: completion, task: qa} | data.train[0].answer must be the tag",
                "{path: a, format: translation, task: t, loss: all} | data.train[0].loss must be",
                "{path: a, format: chat, task: t} | data.train[0].task must be absent",
                "{path: a, losss: all} | did you mean loss?",
            })
    void contradictionsAreRefused(String file, String expected) {
        String message =
                assertThrows(RequestException.class, () -> read("{train: [" + file + "]}"))
                        .getMessage();
        assertTrue(message.contains(expected), message);
    }
}
