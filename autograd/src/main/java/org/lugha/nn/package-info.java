/**
 * Named building blocks: a module has parameters, children and {@code compute}; an adapter wraps a
 * module's computation. The parent names the child with the Hugging Face key as a literal.
 */
package org.lugha.nn;
