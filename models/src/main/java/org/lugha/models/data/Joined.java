package org.lugha.models.data;

import java.util.Arrays;
import java.util.List;

/** Several sets of examples as one, and which of them a number falls in. */
final class Joined {
    private final List<Part> parts;
    private final int[] begins;

    /** Examples by number; length and language without making one. */
    interface Part {
        int size();

        Example get(int i);

        int length(int i);

        String language(int i);

        static Part of(List<Example> all) {
            return new Part() {
                @Override
                public int size() {
                    return all.size();
                }

                @Override
                public Example get(int i) {
                    return all.get(i);
                }

                @Override
                public int length(int i) {
                    return all.get(i).ids().length;
                }

                @Override
                public String language(int i) {
                    return all.get(i).language();
                }
            };
        }

        static Part of(DataSet all) {
            List<Example> examples = all.examples();
            return new Part() {
                @Override
                public int size() {
                    return all.size();
                }

                @Override
                public Example get(int i) {
                    return examples.get(i);
                }

                @Override
                public int length(int i) {
                    return all.length(i);
                }

                @Override
                public String language(int i) {
                    return all.language(i);
                }
            };
        }
    }

    Joined(List<Part> parts) {
        this.parts = parts;
        begins = new int[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            begins[i + 1] = Math.addExact(begins[i], parts.get(i).size());
        }
    }

    /** The set that holds this one. */
    int part(int i) {
        int at = Arrays.binarySearch(begins, i);
        int part = at >= 0 ? at : -at - 2;
        while (begins[part + 1] == begins[part]) {
            part++; // an empty one
        }
        return part;
    }

    /** The number of a set's first example. */
    int begin(int part) {
        return begins[part];
    }

    int size(int part) {
        return begins[part + 1] - begins[part];
    }

    int size() {
        return begins[begins.length - 1];
    }

    Example get(int i) {
        int part = part(i);
        return parts.get(part).get(i - begins[part]);
    }

    int length(int i) {
        int part = part(i);
        return parts.get(part).length(i - begins[part]);
    }

    String language(int i) {
        int part = part(i);
        return parts.get(part).language(i - begins[part]);
    }
}
