package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;

/** What counts, and that it counts once, however rows are put together. */
class LossTest {
    private static final int[] A = {4, 7, 9, 11, 3};
    private static final int[] B = {5, 6, 8};
    private static final int[] LABELS_A = {-100, -100, 9, 11, 3};

    @Test
    void unequalMicroBatchesAddUpToTheWholeBatch() {
        try (var model = TinyModels.llama()) {
            double[] whole = gradient(model, m -> backward(m, 6, A, LABELS_A, B, B));
            double[] parts =
                    gradient(
                            model,
                            m -> {
                                backward(m, 6, A, LABELS_A);
                                backward(m, 6, B, B);
                            });
            assertArrayEquals(whole, parts, 1e-6);
        }
    }

    @Test
    void aMicroBatchWithoutCountedPositionsGivesZeroEverywhere() {
        try (var model = TinyModels.llama()) {
            int[] nothing = {-100, -100, -100};
            double[] with =
                    gradient(
                            model,
                            m -> {
                                assertEquals(0, backward(m, 6, B, nothing));
                                backward(m, 6, A, LABELS_A);
                            });
            assertArrayEquals(gradient(model, m -> backward(m, 6, A, LABELS_A)), with);
            double[] alone = gradient(model, m -> backward(m, 6, B, nothing));
            assertTrue(Arrays.stream(alone).allMatch(g -> g == 0));
            assertEquals(0, model.nll(Tokens.rows(B), new int[][] {nothing})[0].length);
        }
    }

    @Test
    void packedRowsEqualRowsOfTheirOwn() {
        try (var model = TinyModels.llama()) {
            int[] row = {4, 7, 9, 11, 3, 5, 6, 8, 0};
            int[] labels = {-100, -100, 9, 11, 3, 5, 6, 8, -100};
            Tokens packed = Tokens.packed(new int[][] {row}, new int[][] {{5, 3}});
            double[] together = model.nll(packed, new int[][] {labels})[0];
            double[][] apart = model.nll(Tokens.rows(A, B), new int[][] {LABELS_A, B});
            assertEquals(3, apart[0].length);
            assertEquals(2, apart[1].length); // a first token is never predicted
            double[] joined = Arrays.copyOf(apart[0], 5);
            System.arraycopy(apart[1], 0, joined, 3, 2);
            assertArrayEquals(joined, together, 1e-6);
        }
    }

    @Test
    void idsAndLabelsOutsideTheVocabularyAreRefused() {
        try (var model = TinyModels.llama()) {
            var e =
                    assertThrows(
                            RequestException.class,
                            () -> model.nll(Tokens.rows(B, new int[] {1, 31}), new int[2][0]));
            assertEquals(0, model.nll(Tokens.rows(B), new int[1][0])[0].length);
            assertThrows(
                    RequestException.class,
                    () -> model.nll(Tokens.rows(B), new int[][] {{-100, 31, 2}}));
            assertEquals(
                    "input_ids: expected ids from 0 to 30, got 31 in row 1 at position 1; do"
                            + " tokenizer and model belong together?",
                    e.getMessage());
        }
    }

    private static double[] gradient(CausalLM model, Consumer<CausalLM> steps) {
        model.trainable().forEach(Parameter::clearGradient);
        steps.accept(model);
        return model.trainable().stream()
                .flatMapToDouble(p -> Arrays.stream(p.gradient().toArray()))
                .toArray();
    }

    /** Backward of a batch of rows and labels in turn. */
    private static double backward(CausalLM model, int counted, int[]... rowsAndLabels) {
        int n = rowsAndLabels.length / 2;
        int[][] rows = new int[n][];
        int[][] labels = new int[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = rowsAndLabels[2 * i];
            labels[i] = rowsAndLabels[2 * i + 1];
        }
        try (var _ = Tape.open()) {
            var loss = model.loss(Tokens.rows(rows), labels, 1.0 / counted, true, 3);
            loss.backward();
            return loss.item();
        }
    }
}
