/**
 * Does the suite notice a wrong gradient? Every op's backward, and every backward kernel of the
 * reference, is changed in one place at a time, compiled, and given to the op's properties. Not
 * part of a build: {@code ./mvnw -q -pl autograd -am verify -Dmutate}. No product code, no tests.
 */
package org.lugha.autograd.mutation;
