/**
 * Event files as TensorBoard reads them, written by ourselves: records with checksums, and the few
 * messages of its protocol buffers that scalars and texts need. No reading, no images, no graphs.
 */
package org.lugha.models.tensorboard;
