package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a tokenizer is made of, read from its files. */
record Blocks(
        Algorithm algorithm,
        Normalizer normalizer,
        Splitter.Parsed splitter,
        PostProcessor postProcessor,
        Decoder decoder,
        List<AddedToken> added,
        Limits limits) {

    static Blocks of(JsonNode json) {
        JsonNode version = json.path("version");
        if (version.isString() && !version.stringValue().equals("1.0")) {
            throw Json.unsupported("version", version.stringValue());
        }
        return new Blocks(
                Algorithm.parse(json.path("model")),
                Normalizer.parse(json.path("normalizer")),
                Splitter.parseApart(json.path("pre_tokenizer")),
                PostProcessor.parse(json.path("post_processor")),
                Decoder.parse(json.path("decoder")),
                AddedToken.parse(json.path("added_tokens")),
                Limits.parse(json.path("truncation"), json.path("padding")));
    }

    /** Nothing is added to texts, and no special piece is found in them. */
    static Blocks of(SentencePieceModel model) {
        SentencePieces pieces = new SentencePieces(model);
        Normalizer undo =
                model.undo() == null
                        ? new Normalizer.None()
                        : new SentencePieceNormalizer(model.undo(), false, null);
        List<AddedToken> controls = new ArrayList<>();
        for (int id = 0; id < pieces.kinds.length; id++) {
            if (pieces.kinds[id] == SentencePieceModel.Kind.CONTROL) {
                String text = model.pieces().get(id).text();
                controls.add(new AddedToken(id, text, false, false, false, false, true));
            }
        }
        boolean suffix = model.trainer().spaceAsSuffix();
        return new Blocks(
                switch (model.type()) {
                    case SentencePieceModel.BPE -> new SentencePieceBpe(pieces);
                    case SentencePieceModel.WORD -> new SentencePieceWhole(pieces, true);
                    case SentencePieceModel.CHAR -> new SentencePieceWhole(pieces, false);
                    default -> new SentencePieceUnigram(pieces);
                },
                new SentencePieceNormalizer(model.rules(), suffix, pieces),
                new Splitter.Parsed(new Splitter.None(), false),
                new PostProcessor.None(),
                new SentencePieceDecoder(model, pieces, undo),
                controls,
                new Limits(Integer.MAX_VALUE, false, 0, 0, false, -1));
    }
}
