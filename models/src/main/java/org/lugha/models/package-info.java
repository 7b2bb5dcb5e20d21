/**
 * The front door: causal language models to load, train and generate with. Families, adapters,
 * files and runs have packages of their own below this one.
 */
package org.lugha.models;
