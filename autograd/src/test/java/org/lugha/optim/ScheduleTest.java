package org.lugha.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The numbers are transformers 5.18's: get_{constant,linear,cosine}_schedule_with_warmup and
 * get_cosine_with_min_lr_schedule_with_warmup at lr 2e-4, get_last_lr() before every step of
 * twelve.
 */
class ScheduleTest {
    private static double[] rates(Schedule s, int steps) {
        return LongStream.rangeClosed(1, steps).mapToDouble(i -> s.at(i, 2e-4)).toArray();
    }

    private static void matches(double[] expected, Schedule s) {
        assertArrayEquals(expected, rates(s, expected.length), 1e-18, s.toString());
    }

    @Test
    void constant() {
        matches(
                new double[] {0, 5e-05, 1e-4, 1.5e-4, 2e-4, 2e-4, 2e-4, 2e-4},
                new Schedule.Constant(4));
        matches(new double[] {2e-4, 2e-4}, new Schedule.Constant(0));
    }

    @Test
    void linear() {
        matches(
                new double[] {
                    0,
                    6.666666666666667e-05,
                    0.00013333333333333334,
                    0.0002,
                    0.00017142857142857143,
                    0.00014285714285714287,
                    0.00011428571428571428,
                    8.571428571428571e-05,
                    5.714285714285714e-05,
                    2.857142857142857e-05,
                    0,
                    0
                },
                new Schedule.Linear(3, 10, 0));
        matches(
                new double[] {
                    2e-4, 1.8e-4, 1.6e-4, 1.4e-4, 1.2e-4, 1e-4, 8e-5, 6e-5, 4e-5, 2e-5, 0
                },
                new Schedule.Linear(0, 10, 0));
        matches(new double[] {0, 2e-4, 1.1e-4, 2e-5, 2e-5}, new Schedule.Linear(1, 3, 0.1));
    }

    @Test
    void cosine() {
        matches(
                new double[] {
                    0,
                    6.666666666666667e-05,
                    0.00013333333333333334,
                    0.0002,
                    0.0001900968867902419,
                    0.00016234898018587337,
                    0.00012225209339563145,
                    7.774790660436858e-05,
                    3.7651019814126654e-05,
                    9.903113209758096e-06,
                    0
                },
                new Schedule.Cosine(3, 10, 0));
        matches(
                new double[] {
                    0,
                    6.666666666666667e-05,
                    0.00013333333333333334,
                    0.0002,
                    0.00019108719811121772,
                    0.00016611408216728603,
                    0.00013002688405606828,
                    8.997311594393172e-05,
                    5.3885917832713996e-05,
                    2.891280188878229e-05,
                    2e-05
                },
                new Schedule.Cosine(3, 10, 0.1));
    }

    @Test
    void afterTheLastStepTheRateStays() {
        assertEquals(2e-5, new Schedule.Cosine(3, 10, 0.1).at(1000, 2e-4), 1e-18);
        assertEquals(2e-5, new Schedule.Linear(3, 10, 0.1).at(1000, 2e-4), 1e-18);
    }

    @Test
    void whatMeansNothingIsRefused() {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Schedule.Cosine(1500, 1000, 0))
                        .getMessage();
        assertTrue(message.contains("got warm-up 1500, total 1000, ratio 0.0"), message);
        assertThrows(IllegalArgumentException.class, () -> new Schedule.Linear(-1, 10, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule.Linear(0, 10, 1.5));
        assertThrows(IllegalArgumentException.class, () -> new Schedule.Constant(1).at(0, 1));
    }
}
