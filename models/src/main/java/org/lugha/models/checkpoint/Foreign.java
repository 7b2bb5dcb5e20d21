package org.lugha.models.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Weights in other formats, recognised in order to say what to do about them. */
final class Foreign {
    private Foreign() {}

    /**
     * Throws for a file, already known not to be safetensors, whose first bytes are those of a
     * pickle, a zip of pickles or GGUF.
     */
    static void refuse(Path file, MemorySegment bytes) {
        if (begins(bytes, 'P', 'K', 3, 4) || isPickle(bytes)) {
            throw pickle(file);
        }
        if (begins(bytes, 'G', 'G', 'U', 'F')) {
            throw new CheckpointException(
                    "cannot read %s: expected safetensors, got GGUF; use the safetensors files the GGUF was made from"
                            .formatted(file));
        }
    }

    /** Protocols 2 to 5 begin with their number. */
    private static boolean isPickle(MemorySegment bytes) {
        return begins(bytes, 0x80, 2)
                || begins(bytes, 0x80, 3)
                || begins(bytes, 0x80, 4)
                || begins(bytes, 0x80, 5);
    }

    /** Whether a name is one that pickled weights go by. */
    static boolean isPickle(String name) {
        return name.endsWith(".bin")
                || name.endsWith(".pt")
                || name.endsWith(".pth")
                || name.endsWith(".ckpt")
                || name.endsWith(".pkl")
                || name.equals("pytorch_model.bin.index.json");
    }

    static CheckpointException pickle(Path file) {
        return new CheckpointException(
                "cannot read %s: expected safetensors, got a Python pickle, which can run code when it is loaded; convert it once with transformers where you trust it: AutoModelForCausalLM.from_pretrained(folder).save_pretrained(folder, safe_serialization=True)"
                        .formatted(file));
    }

    private static boolean begins(MemorySegment bytes, int... magic) {
        if (bytes.byteSize() < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes.get(JAVA_BYTE, i) & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
