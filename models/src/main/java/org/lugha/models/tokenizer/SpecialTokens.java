package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** The special tokens of a new vocabulary; they get the first ids, in this order. */
public record SpecialTokens(
        Optional<String> pad, Optional<String> bos, Optional<String> eos, List<String> more) {

    public SpecialTokens {
        more = List.copyOf(more);
    }

    /** {@code <|pad|>}, {@code <|bos|>}, {@code <|eos|>} and others given here. */
    public static SpecialTokens standard(String... more) {
        return new SpecialTokens(
                Optional.of("<|pad|>"),
                Optional.of("<|bos|>"),
                Optional.of("<|eos|>"),
                List.of(more));
    }

    /** All of them, each once, in the order of their ids. */
    public List<String> all() {
        LinkedHashSet<String> all = new LinkedHashSet<>();
        pad.ifPresent(all::add);
        bos.ifPresent(all::add);
        eos.ifPresent(all::add);
        all.addAll(more);
        return new ArrayList<>(all);
    }
}
