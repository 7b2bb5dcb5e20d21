package org.lugha.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.lugha.models.tokenizer.SentencePieceModel.Kind;

/** Pieces of a SentencePiece model as text; control pieces have none. */
record SentencePieceDecoder(SentencePieceModel model, SentencePieces pieces, Normalizer undo)
        implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[tokens.size()];
        int waiting = 0;
        boolean begin = true;
        boolean sawSpace = false;
        Map<String, Integer> all = pieces.all;
        for (String token : tokens) {
            Kind kind = pieces.kinds[all.getOrDefault(token, pieces.unknown)];
            if (kind == Kind.BYTE) {
                bytes[waiting++] = (byte) ByteTokens.byteOf(token);
                continue;
            }
            decode(bytes, waiting, text);
            waiting = 0;
            begin &= !sawSpace && text.isEmpty();
            sawSpace = write(token, kind, begin, text);
        }
        decode(bytes, waiting, text);
        return List.of(undo.apply(Aligned.verbatim(text.toString(), 0)).text());
    }

    /** Says whether the space that encoding put before the text was taken off. */
    private boolean write(String token, Kind kind, boolean begin, StringBuilder text) {
        if (kind == Kind.CONTROL) {
            return false;
        }
        if (kind == Kind.UNKNOWN) {
            text.append(pieces.all.containsKey(token) ? model.trainer().unknownSurface() : token);
            return false;
        }
        SentencePieceModel.Rules rules = model.rules();
        boolean strips =
                begin
                        && (rules.addDummyPrefix() || rules.removeExtraSpaces())
                        && token.charAt(0) == Algorithm.SPACE;
        text.append((strips ? token.substring(1) : token).replace(Algorithm.SPACE, ' '));
        return strips && !rules.removeExtraSpaces();
    }

    /** Bytes that are no UTF-8 become U+FFFD each. */
    private static void decode(byte[] bytes, int n, StringBuilder out) {
        for (int i = 0; i < n; ) {
            int lead = bytes[i] & 0xFF;
            int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            String c =
                    i + length > n
                            ? "\uFFFD"
                            : new String(
                                    Arrays.copyOfRange(bytes, i, i + length),
                                    StandardCharsets.UTF_8);
            boolean valid =
                    c.codePointCount(0, c.length()) == 1 && c.charAt(0) != 0xFFFD
                            || length == 3
                                    && lead == 0xEF
                                    && (bytes[i + 1] & 0xFF) == 0xBF
                                    && (bytes[i + 2] & 0xFF) == 0xBD;
            out.append(valid ? c : "\uFFFD");
            i += valid ? length : 1;
        }
    }
}
