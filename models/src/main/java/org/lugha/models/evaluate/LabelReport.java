package org.lugha.models.evaluate;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Labels beside what they should be, class by class; white space around a label is not part of it.
 *
 * @param lines how many
 * @param right how many are as they should be
 */
public record LabelReport(int lines, int right, SortedMap<String, OfClass> classes) {

    /**
     * One class. All figures are from 0 to 1, and 0 where they are undefined.
     *
     * @param support how often it should have been given
     * @param predicted how often it was
     * @param right how often both
     */
    public record OfClass(int support, int predicted, int right) {
        /** {@code right / predicted}. */
        public double precision() {
            return share(right, predicted);
        }

        /** {@code right / support}. */
        public double recall() {
            return share(right, support);
        }

        /** {@code 2 P R / (P + R)}. */
        public double f1() {
            return share(2.0 * right, support + predicted);
        }

        private static double share(double part, int all) {
            return all == 0 ? 0 : part / all;
        }

        private OfClass plus(boolean should, boolean was) {
            return new OfClass(
                    support + (should ? 1 : 0),
                    predicted + (was ? 1 : 0),
                    right + (should && was ? 1 : 0));
        }
    }

    /** Compares labels line by line. */
    public static LabelReport of(List<String> hypotheses, List<String> references) {
        Words.requirePairs("labels", hypotheses, List.of(references));
        SortedMap<String, OfClass> classes = new TreeMap<>();
        int right = 0;
        for (int i = 0; i < hypotheses.size(); i++) {
            String was = Words.strip(hypotheses.get(i));
            String should = Words.strip(references.get(i));
            boolean same = was.equals(should);
            right += same ? 1 : 0;
            count(classes, should, true, same);
            if (!same) {
                count(classes, was, false, true);
            }
        }
        return new LabelReport(hypotheses.size(), right, classes);
    }

    private static void count(
            SortedMap<String, OfClass> classes, String label, boolean should, boolean was) {
        OfClass before = classes.getOrDefault(label, new OfClass(0, 0, 0));
        classes.put(label, before.plus(should, was));
    }

    /** {@code right / lines}. */
    public double accuracy() {
        return (double) right / lines;
    }

    /** The mean of the classes' F1. */
    public double macroF1() {
        return classes.values().stream().mapToDouble(OfClass::f1).average().orElse(0);
    }

    String signature() {
        return "nrefs:1|case:mixed|classes:" + classes.size() + "|undefined:0";
    }

    static List<String> only(List<List<String>> references) {
        if (references.size() != 1) {
            throw new IllegalArgumentException(
                    "labels: expected one list of references, got " + references.size());
        }
        return references.getFirst();
    }
}
