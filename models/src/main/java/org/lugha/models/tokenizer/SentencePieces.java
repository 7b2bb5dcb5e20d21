package org.lugha.models.tokenizer;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lugha.models.tokenizer.SentencePieceModel.Kind;
import org.lugha.models.tokenizer.SentencePieceModel.Piece;

/** The pieces of a SentencePiece model as both its algorithms ask for them. */
final class SentencePieces {
    /** All pieces. */
    final Map<String, Integer> all = new LinkedHashMap<>();

    /** Those that are looked for in text: normal, user defined and unused ones. */
    final Map<String, Integer> inText = new HashMap<>();

    /** User defined pieces, which are found before anything else. */
    final Trie own = new Trie();

    final float[] scores;
    final Kind[] kinds;
    final int unknown;
    private final ByteTokens bytes;

    SentencePieces(SentencePieceModel model) {
        int n = model.pieces().size();
        scores = new float[n];
        kinds = new Kind[n];
        for (int id = 0; id < n; id++) {
            Piece p = model.pieces().get(id);
            scores[id] = p.score();
            kinds[id] = p.kind();
            all.put(p.text(), id);
            switch (p.kind()) {
                case NORMAL, UNUSED -> inText.put(p.text(), id);
                case USER_DEFINED -> {
                    inText.put(p.text(), id);
                    own.put(p.text(), id);
                }
                case UNKNOWN, CONTROL, BYTE -> {}
            }
        }
        unknown = model.unknown();
        bytes = model.byteFallback() ? ByteTokens.of(all) : null;
    }

    /** The end of the longest user defined piece at a place, or the place. */
    int own(String text, int from) {
        int end = from;
        int node = Trie.ROOT;
        for (int i = from; i < text.length(); ) {
            node = own.step(node, text.charAt(i++));
            if (node == Trie.NONE) {
                break;
            }
            end = own.value(node) == Trie.NONE ? end : i;
        }
        return end;
    }

    /** Adds a piece of text; an unknown one as bytes, or together with the unknown before it. */
    void add(String text, int from, int to, int id, boolean afterUnknown, TokenList out) {
        if (id != unknown) {
            out.add(id, from, to);
        } else if (bytes != null) {
            bytes.spell(text, from, to, out);
        } else if (afterUnknown) {
            out.extend(to);
        } else {
            out.add(unknown, from, to);
        }
    }
}
