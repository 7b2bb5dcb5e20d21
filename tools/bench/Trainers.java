import org.lugha.models.data.TextFile;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.SpecialTokens;
import org.lugha.models.tokenizer.TokenizerTrainer;
import org.lugha.models.tokenizer.UnigramOptions;
import org.lugha.models.tokenizer.UnigramTrainer;
import org.lugha.models.tokenizer.WordSplit;

/**
 * Our half of trainers.py: for every line "KIND VOCABULARY THREADS TEXT FOLDER" on stdin, trains and
 * prints the seconds and the size of the vocabulary.
 */
final class Trainers {
    void main() throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String ask = in.readLine(); ask != null; ask = in.readLine()) {
            String[] words = ask.split(" ");
            long begin = System.nanoTime();
            TokenizerTrainer trainer =
                    trainer(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            TextFile.forEach(Path.of(words[3]), trainer::add);
            var tokenizer = trainer.train();
            double seconds = (System.nanoTime() - begin) / 1e9;
            tokenizer.save(Path.of(words[4]));
            System.out.println(seconds + " " + tokenizer.vocabSize());
        }
    }

    private static TokenizerTrainer trainer(String kind, int size, int threads) {
        return switch (kind) {
            case "bpe" ->
                    new BpeTrainer(BpeOptions.of(size).withSplit(WordSplit.GPT2), threads);
            case "characters" ->
                    new BpeTrainer(BpeOptions.ofCharacters(size).withCoverage(1), threads);
            case "unigram" ->
                    new UnigramTrainer(
                            UnigramOptions.of(size).withSpecial(SpecialTokens.pieces()), threads);
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
