/**
 * Training runs: the loop and what a run needs and writes. The command line and embedders share
 * {@link org.lugha.models.train.TrainingRun}; whoever wants the eight-line loop writes it himself
 * over {@link org.lugha.models.data.ExampleStream}.
 */
package org.lugha.models.train;
