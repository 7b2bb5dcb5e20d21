/**
 * Training runs: RUN.yaml, data and loss masks, batches, the loop and what it writes. The command
 * line and embedders share {@link org.lugha.models.train.TrainingRun}; whoever wants the eight-line
 * loop writes it himself over {@link org.lugha.models.train.ExampleStream}.
 */
package org.lugha.models.train;
