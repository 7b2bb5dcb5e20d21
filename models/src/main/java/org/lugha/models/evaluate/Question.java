package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.data.Loss;
import org.lugha.models.data.Marked;
import org.lugha.models.tokenizer.Encoding;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * A prompt and the right answer to it.
 *
 * @param conversation whether a chat template wrote the prompt, special tokens included
 * @param oneLine whether the answer is a line, so that what a model says behind it is cut off
 */
record Question(
        String language, String prompt, String reference, boolean conversation, boolean oneLine) {

    /** The first lines of a file; of formats without prompts none. */
    static List<Question> of(DataFile file, LineEncoder encoder, int limit) {
        List<Question> all = new ArrayList<>();
        if (file.format().equals("ids")) {
            return all;
        }
        DataFile asked = lastAnswer(file);
        int read = 0;
        try (ExampleFile lines = new ExampleFile(file.path())) {
            while (lines.hasNext() && read++ < limit) {
                ExampleFile.Line line = lines.next();
                of(line, asked, encoder).ifPresent(all::add);
            }
        }
        return all;
    }

    private static Optional<Question> of(
            ExampleFile.Line line, DataFile file, LineEncoder encoder) {
        Marked m = encoder.marked(line, file);
        if (m.counted().isEmpty() || m.counted().getLast().from() <= 0) {
            return Optional.empty();
        }
        Marked.Range answer = m.counted().getLast();
        boolean translation = file.format().equals("translation");
        String language =
                translation && file.language().isEmpty() ? line.text("tgt_lang") : file.language();
        return Optional.of(
                new Question(
                        ModelEvaluation.name(language),
                        m.text().substring(0, answer.from()),
                        plain(m.text().substring(answer.from(), answer.to()), encoder),
                        m.conversation(),
                        translation));
    }

    /** The same file with only answers counted, the last one of a conversation. */
    private static DataFile lastAnswer(DataFile f) {
        return new DataFile(
                f.path(),
                f.language(),
                f.format(),
                f.licence(),
                f.consent(),
                f.weight(),
                f.fromStep(),
                f.untilStep(),
                Optional.of(Loss.COMPLETION),
                f.task(),
                f.answer());
    }

    /** Without the special tokens that a template writes behind an answer. */
    private static String plain(String text, LineEncoder encoder) {
        Tokenizer tokenizer = encoder.encoder().tokenizer();
        Encoding e = tokenizer.encode(text, false);
        StringBuilder plain = new StringBuilder();
        int from = 0;
        for (int i = 0; i < e.size(); i++) {
            if (tokenizer.isSpecial(e.ids()[i]) && e.starts()[i] >= from) {
                plain.append(text, from, e.starts()[i]);
                from = e.ends()[i];
            }
        }
        return Words.strip(plain.append(text.substring(from)).toString());
    }

    /** An answer as it is compared. */
    String trimmed(String answer) {
        String text = Words.strip(answer);
        int end = oneLine ? text.indexOf('\n') : -1;
        return end < 0 ? text : Words.stripEnd(text.substring(0, end));
    }
}
