package org.lugha.autograd.mutation;

import java.util.List;

/**
 * A source with one change.
 *
 * @param type name of the class, for example {@code org.lugha.autograd.op.Softmax}
 * @param tests simple names of the test classes that should notice, the likeliest first
 * @param line where the change is, counted from 1
 * @param change in words
 * @param source the whole file, changed
 */
record Mutant(String type, List<String> tests, long line, String change, String source) {
    @Override
    public String toString() {
        return type.substring(type.lastIndexOf('.') + 1) + " line " + line + ": " + change;
    }
}
