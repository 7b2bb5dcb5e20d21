package org.lugha.models.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs of tokens such as {@code <0x41>} as their text; U+FFFD for each if they are no UTF-8. */
record DecodeBytes() implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
        List<String> out = new ArrayList<>(tokens.size());
        byte[] run = new byte[tokens.size()];
        int n = 0;
        for (String token : tokens) {
            int b = ByteTokens.byteOf(token);
            if (b >= 0) {
                run[n++] = (byte) b;
            } else {
                decode(run, n, out);
                n = 0;
                out.add(token);
            }
        }
        decode(run, n, out);
        return out;
    }

    private static void decode(byte[] run, int n, List<String> out) {
        if (n == 0) {
            return;
        }
        try {
            out.add(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(run, 0, n))
                            .toString());
        } catch (CharacterCodingException _) {
            for (int i = 0; i < n; i++) {
                out.add("\uFFFD");
            }
        }
    }
}
