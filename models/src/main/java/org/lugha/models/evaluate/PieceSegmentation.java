package org.lugha.models.evaluate;

import java.util.List;
import org.lugha.models.tokenizer.Encoding;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * The pieces of a tokenizer that the user names, as spBLEU has it (Goyal et al. 2022) with that of
 * FLORES. A run of what the tokenizer does not know is a word of its own.
 *
 * @param signature tells which tokenizer it is, such as {@code spm[1f2e3d4c]} with the first digits
 *     of its SHA-256: sacrebleu's own names stand for files that it downloads
 */
public record PieceSegmentation(Tokenizer tokenizer, String signature) implements Segmentation {
    private static final char SPACE = '\u2581';

    @Override
    public List<String> words(String line) {
        Encoding e = tokenizer.encode(line, false);
        int unknown = tokenizer.unknownId().orElse(-1);
        StringBuilder pieces = new StringBuilder();
        for (int i = 0; i < e.size(); i++) {
            boolean known = e.ids()[i] != unknown;
            boolean goesOn = i > 0 && !known && e.ids()[i - 1] == unknown;
            pieces.append(goesOn ? "" : " ")
                    .append(
                            known
                                    ? tokenizer.token(e.ids()[i])
                                    : line.substring(e.starts()[i], e.ends()[i])
                                            .replace(' ', SPACE));
        }
        return Words.split(pieces.toString());
    }
}
