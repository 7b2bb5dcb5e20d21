package org.lugha.models.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.lugha.models.RequestException;
import org.lugha.models.chat.ChatTemplate;
import org.lugha.models.chat.ChatTemplateFiles;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.data.Loss;
import org.lugha.models.data.Tags;
import org.lugha.models.settings.RunConfig;
import org.lugha.models.tokenizer.Tokenizer;

/** What a run's configuration says of the texts it reads. */
public final class RunText {
    private static final String CHAT_ML = "chatml";

    private RunText() {}

    /**
     * Makes examples of the run's lines.
     *
     * @param eos the end token's id, or -1 for none
     */
    public static LineEncoder encoder(RunConfig run, Optional<Tokenizer> tokenizer, int eos) {
        Loss loss = Loss.of(run.data().loss());
        Encoder encoder = new Encoder(tokenizer.orElse(null), eos, loss == Loss.ALL);
        Optional<ChatTemplate> template =
                tokenizer.isEmpty()
                        ? Optional.empty()
                        : template(
                                run.data().chatTemplate(),
                                run.tokenizer().orElseThrow(),
                                tokenizer.get());
        return new LineEncoder(encoder, loss, template, run.data().text());
    }

    /**
     * The chat template that is asked for, or the one beside the tokenizer.
     *
     * @param asked a file, or {@code chatml}
     * @param path of the tokenizer, folder or file
     */
    public static Optional<ChatTemplate> template(
            Optional<String> asked, Path path, Tokenizer tokenizer) {
        Path parent = path.toAbsolutePath().getParent();
        Path folder = Files.isDirectory(path) || parent == null ? path : parent;
        if (asked.isEmpty()) {
            return ChatTemplateFiles.find(folder);
        }
        if (!asked.get().equals(CHAT_ML)) {
            return Optional.of(ChatTemplateFiles.read(Path.of(asked.get()), folder));
        }
        for (String token : new String[] {"<|im_start|>", "<|im_end|>"}) {
            Tags.require(
                    tokenizer,
                    token,
                    what -> new RequestException("data.chat_template: chatml: " + what));
        }
        return Optional.of(ChatTemplateFiles.chatMl(folder));
    }
}
