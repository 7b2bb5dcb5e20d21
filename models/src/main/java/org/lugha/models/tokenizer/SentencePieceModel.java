package org.lugha.models.tokenizer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A model of SentencePiece as its file has it, see <a
 * href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">its
 * description</a>. The id of a piece is its place in the list.
 */
record SentencePieceModel(
        List<Piece> pieces,
        int type,
        boolean byteFallback,
        Trainer trainer,
        Rules rules,
        Rules undo) {
    static final int UNIGRAM = 1;
    static final int BPE = 2;
    static final int WORD = 3;
    static final int CHAR = 4;

    /** What a piece is for; the numbers are those of the file. */
    enum Kind {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    record Piece(String text, float score, Kind kind) {}

    /** Names of the special pieces, and where white space is put. */
    record Trainer(
            String unknownSurface, String bos, String eos, String pad, boolean spaceAsSuffix) {}

    /** What is done to text first. */
    record Rules(
            Charsmap charsmap,
            boolean addDummyPrefix,
            boolean removeExtraSpaces,
            boolean escapeSpaces) {
        static final Rules STANDARD = new Rules(null, true, true, true);
    }

    static SentencePieceModel read(byte[] file, String name) {
        ProtoReader in = new ProtoReader(ByteBuffer.wrap(file), name);
        List<Piece> pieces = new ArrayList<>();
        TrainerFields trainer = new TrainerFields();
        Rules rules = Rules.STANDARD;
        Rules undo = null;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> pieces.add(piece(in.message(), name));
                case 2 -> trainer.read(in.message());
                case 3 -> rules = rules(in.message(), name);
                case 5 -> undo = rules(in.message(), name);
                default -> in.skip();
            }
        }
        SentencePieceModel model =
                new SentencePieceModel(
                        List.copyOf(pieces),
                        trainer.type,
                        trainer.byteFallback,
                        trainer.fields(),
                        rules,
                        undo != null && undo.charsmap != null ? undo : null);
        model.check(name);
        return model;
    }

    private static Piece piece(ProtoReader in, String name) {
        String text = "";
        float score = 0;
        long kind = 1;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> text = in.text();
                case 2 -> score = in.real();
                case 3 -> kind = in.number();
                default -> in.skip();
            }
        }
        if (text.isEmpty() || kind < 1 || kind > Kind.values().length) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected a piece with text and a type of 1 to 6, got '%s' of type %d; is the file complete?",
                            name,
                            text,
                            kind));
        }
        return new Piece(text, score, Kind.values()[(int) kind - 1]);
    }

    private static Rules rules(ProtoReader in, String name) {
        Charsmap charsmap = null;
        boolean prefix = true;
        boolean extra = true;
        boolean escape = true;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 2 -> {
                    byte[] blob = in.array();
                    charsmap = blob.length == 0 ? null : Charsmap.read(blob, name);
                }
                case 3 -> prefix = in.flag();
                case 4 -> extra = in.flag();
                case 5 -> escape = in.flag();
                default -> in.skip();
            }
        }
        return new Rules(charsmap, prefix, extra, escape);
    }

    /** Those of the trainer's options that encoding and decoding ask for. */
    private static final class TrainerFields {
        private int type = UNIGRAM;
        private boolean byteFallback;
        private boolean suffix;
        private String surface = " \u2047 ";
        private String bos = "<s>";
        private String eos = "</s>";
        private String pad = "<pad>";

        void read(ProtoReader in) {
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 3 -> type = (int) in.number();
                    case 24 -> suffix = in.flag();
                    case 35 -> byteFallback = in.flag();
                    case 44 -> surface = in.text();
                    case 46 -> bos = in.text();
                    case 47 -> eos = in.text();
                    case 48 -> pad = in.text();
                    default -> in.skip();
                }
            }
        }

        Trainer fields() {
            return new Trainer(surface, bos, eos, pad, suffix);
        }
    }

    private void check(String name) {
        Set<String> seen = new HashSet<>();
        int unknowns = 0;
        boolean[] bytes = new boolean[256];
        for (Piece p : pieces) {
            if (!seen.add(p.text)) {
                throw wrong(name, "every piece once", "'" + p.text + "' twice");
            }
            unknowns += p.kind == Kind.UNKNOWN ? 1 : 0;
            if (p.kind == Kind.BYTE) {
                if (ByteTokens.byteOf(p.text) < 0) {
                    throw wrong(name, "a byte piece such as <0x0A>", "'" + p.text + "'");
                }
                bytes[ByteTokens.byteOf(p.text)] = true;
            }
        }
        if (unknowns != 1) {
            throw wrong(name, "one piece for the unknown", unknowns + " of " + pieces.size());
        }
        for (int b = 0; b < 256 && byteFallback; b++) {
            if (!bytes[b]) {
                throw wrong(name, "256 byte pieces", "none for " + ByteTokens.name(b));
            }
        }
        if (type < UNIGRAM || type > CHAR) {
            throw wrong(
                    name, "a model of type unigram, bpe, word or char (1 to 4)", "type " + type);
        }
    }

    private static TokenizerException wrong(String name, String expected, String got) {
        return new TokenizerException(
                "%s: expected %s, got %s; use a model that sentencepiece loads"
                        .formatted(name, expected, got));
    }

    int unknown() {
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.get(id).kind == Kind.UNKNOWN) {
                return id;
            }
        }
        throw new IllegalStateException("checked when the model was read");
    }
}
