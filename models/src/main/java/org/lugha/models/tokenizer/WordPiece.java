package org.lugha.models.tokenizer;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The longest token at the begin of a word, then the longest continuing token ({@code ##ing}), and
 * so on; a word that does not come out even is unknown as a whole. Safe for use by many threads.
 */
final class WordPiece implements Algorithm {
    private final Map<String, Integer> vocab;
    private final Trie trie = new Trie();
    private final int continued;
    private final String unknownToken;
    private final int longest;
    private final String prefix;

    private WordPiece(Map<String, Integer> vocab, String unknown, String prefix, int longest) {
        this.vocab = vocab;
        this.unknownToken = unknown;
        this.longest = longest;
        this.prefix = prefix;
        vocab.forEach(trie::put);
        this.continued = trie.walk(Trie.ROOT, prefix);
    }

    /** What continuing tokens begin with. */
    String prefix() {
        return prefix;
    }

    @Override
    public int unknown() {
        return vocab.getOrDefault(unknownToken, -1);
    }

    @Override
    public Map<String, Integer> vocab() {
        return vocab;
    }

    @Override
    public Tokens tokenize(String piece) {
        int n = piece.length();
        if (n > longest && piece.codePointCount(0, n) > longest) {
            return unknown(n);
        }
        TokenList out = new TokenList(4);
        for (int i = 0; i < n; ) {
            int node = i == 0 ? Trie.ROOT : continued;
            int id = Trie.NONE;
            int end = i;
            for (int j = i; j < n && node != Trie.NONE; ) {
                node = trie.step(node, piece.charAt(j++));
                if (node != Trie.NONE && trie.value(node) != Trie.NONE) {
                    id = trie.value(node);
                    end = j;
                }
            }
            if (id == Trie.NONE) {
                return unknown(n);
            }
            out.add(id, i, end);
            i = end;
        }
        return out.tokens();
    }

    private Tokens unknown(int length) {
        return Tokens.one(WordLevel.unknown(vocab, unknownToken), length);
    }

    static WordPiece parse(JsonNode block) {
        return new WordPiece(
                Algorithm.vocab(block),
                Json.text(block, "unk_token"),
                Json.text(block, "continuing_subword_prefix"),
                Json.number(block, "max_input_chars_per_word"));
    }
}
