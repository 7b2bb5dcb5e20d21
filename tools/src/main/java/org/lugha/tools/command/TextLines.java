package org.lugha.tools.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.lugha.models.RequestException;
import org.lugha.models.data.ExampleFile;
import org.lugha.tools.Progress;

/**
 * The texts of a file: {@code text} of every line of a .jsonl file; of any other every line as it
 * is, where only the line feed is not part of it.
 */
record TextLines(Path file) {
    void forEach(String what, Consumer<String> texts) {
        if (!Files.isRegularFile(file)) {
            throw new RequestException(
                    file
                            + ": cannot be read ("
                            + (Files.exists(file) ? "not a file" : "no such file")
                            + "); give the path of a text, one a line, or of a .jsonl file");
        }
        try (Progress progress = new Progress(what + " bytes", Files.size(file))) {
            if (file.toString().endsWith(".jsonl")) {
                objects(progress, texts);
            } else {
                lines(progress, texts);
            }
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void objects(Progress progress, Consumer<String> texts) {
        try (ExampleFile lines = new ExampleFile(file)) {
            while (lines.hasNext()) {
                texts.accept(lines.next().text("text"));
                progress.at(lines.bytesRead(), "");
            }
        }
    }

    private void lines(Progress progress, Consumer<String> texts) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long number = 1;
            long read = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b != '\n') {
                    line.write(b);
                    continue;
                }
                read += line.size() + 1;
                texts.accept(text(line, number++));
                progress.at(read, "");
            }
            if (line.size() > 0) {
                texts.accept(text(line, number));
            }
        }
    }

    private String text(ByteArrayOutputStream line, long number) {
        try {
            byte[] bytes = line.toByteArray();
            line.reset();
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new RequestException(
                    file + ":" + number + ": is not valid UTF-8; convert the file to UTF-8", e);
        }
    }
}
