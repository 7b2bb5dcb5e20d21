package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The special tokens of a new vocabulary; they get the first ids, in this order.
 *
 * @param unknown stands for what the vocabulary cannot spell; byte-level BPE needs none
 */
public record SpecialTokens(
        Optional<String> unknown,
        Optional<String> pad,
        Optional<String> bos,
        Optional<String> eos,
        List<String> more) {

    public SpecialTokens {
        more = List.copyOf(more);
    }

    /** Without an unknown token. */
    public SpecialTokens(
            Optional<String> pad, Optional<String> bos, Optional<String> eos, List<String> more) {
        this(Optional.empty(), pad, bos, eos, more);
    }

    /** {@code <|pad|>}, {@code <|bos|>}, {@code <|eos|>} and others given here. */
    public static SpecialTokens standard(String... more) {
        return new SpecialTokens(
                Optional.of("<|pad|>"),
                Optional.of("<|bos|>"),
                Optional.of("<|eos|>"),
                List.of(more));
    }

    /**
     * {@code <unk>}, {@code <pad>}, {@code <s>}, {@code </s>} and others: SentencePiece's names.
     */
    public static SpecialTokens pieces(String... more) {
        return new SpecialTokens(
                Optional.of("<unk>"),
                Optional.of("<pad>"),
                Optional.of("<s>"),
                Optional.of("</s>"),
                List.of(more));
    }

    /** All of them, each once, in the order of their ids. */
    public List<String> all() {
        LinkedHashSet<String> all = new LinkedHashSet<>();
        unknown.ifPresent(all::add);
        pad.ifPresent(all::add);
        bos.ifPresent(all::add);
        eos.ifPresent(all::add);
        all.addAll(more);
        return new ArrayList<>(all);
    }
}
