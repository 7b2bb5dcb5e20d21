/** Steps, decoding and opening at named shapes with random weights, for {@code lugha bench}. */
package org.lugha.models.measure;
