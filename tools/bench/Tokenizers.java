import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * Our half of tokenizers.py: for every path of a tokenizer on stdin, encodes each line of a text and
 * prints the seconds and the number of tokens. "whole PATH" encodes the text as one.
 */
final class Tokenizers {
    void main(String[] args) throws Exception {
        String text = Files.readString(Path.of(args[0]));
        List<String> lines = text.lines().toList();
        var loaded = new java.util.HashMap<String, Tokenizer>();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String ask = in.readLine(); ask != null; ask = in.readLine()) {
            boolean whole = ask.startsWith("whole ");
            String path = whole ? ask.substring(6) : ask;
            Tokenizer t = loaded.computeIfAbsent(path, p -> Tokenizer.load(Path.of(p)));
            List<String> texts = whole ? new ArrayList<>(List.of(text)) : lines;
            long begin = System.nanoTime();
            long tokens = 0;
            for (String one : texts) {
                tokens += t.encode(one, false).size();
            }
            System.out.println((System.nanoTime() - begin) / 1e9 + " " + tokens);
        }
    }
}
