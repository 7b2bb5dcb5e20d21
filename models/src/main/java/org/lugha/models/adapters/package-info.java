/**
 * What adapters other than low-rank ones compute, and nothing about files or where they are
 * attached: {@link org.lugha.models.peft} makes them.
 */
package org.lugha.models.adapters;
