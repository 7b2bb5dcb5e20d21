package org.lugha.models.tokenizer;

import java.util.Arrays;

/**
 * The text of tokens that come one by one: what {@link Tokenizer#decode} gives for all of them, in
 * time that grows with the tokens and not with their square. What a few last tokens mean may depend
 * on those to come, so the text is a settled part, which only grows, and an open one.
 *
 * <p>Most decoders look at a token and its neighbours only; those that look at the whole text (a
 * pattern over it, spaces taken off its end) settle nothing, and bytes that spell characters settle
 * when another token ends their run, as it decides whether they are UTF-8.
 */
public final class DecodeStream {
    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private final boolean settles;
    private int[] window = new int[16];
    private int size;

    /** Settled tokens at the window's begin, without which the others would read otherwise. */
    private int context;

    private String before = "";
    private String now = "";

    public DecodeStream(Tokenizer tokenizer, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        this.settles = tokenizer.decoder().isLocal();
    }

    /** One more token; returns what its coming settles, often nothing or a token's text. */
    public String add(int id) {
        if (!tokenizer.isDecoded(id, skipSpecialTokens)) {
            return "";
        }
        if (size == window.length) {
            window = Arrays.copyOf(window, 2 * size);
        }
        window[size++] = id;
        now = decode(0, size);
        boolean whole = !now.endsWith("\uFFFD") && ByteTokens.byteOf(tokenizer.token(id)) < 0;
        if (!settles || !whole || now.length() < before.length() || !now.startsWith(before)) {
            return "";
        }
        String settled = now.substring(before.length());
        keepContext();
        return settled;
    }

    /**
     * The shortest end of the window that gives text, since decoders treat a text's begin apart.
     */
    private void keepContext() {
        int from = size - 1;
        String text = decode(from, size);
        while (text.isEmpty() && from > 0) {
            text = decode(--from, size);
        }
        System.arraycopy(window, from, window, 0, size - from);
        size -= from;
        context = size;
        before = text;
        now = text;
    }

    /** What follows the settled text as long as no other token comes. */
    public String open() {
        return size == context ? "" : now.substring(Math.min(before.length(), now.length()));
    }

    private String decode(int from, int to) {
        return tokenizer.decode(Arrays.copyOfRange(window, from, to), false);
    }
}
