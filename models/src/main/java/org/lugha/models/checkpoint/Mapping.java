package org.lugha.models.checkpoint;

/** How a file's tensors are brought into memory. Neither ever changes the file. */
public enum Mapping {
    /** Shared with the system's file cache; writing to it throws. For frozen weights. */
    READ_ONLY,
    /** Copy on write: pages that are written become this process's own. For trainable weights. */
    PRIVATE
}
