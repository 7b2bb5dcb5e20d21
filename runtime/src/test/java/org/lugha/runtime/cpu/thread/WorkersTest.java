package org.lugha.runtime.cpu.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DeviceException;

class WorkersTest {
    private static final Workers ONE = new Workers(1);
    private static final Workers THREE = new Workers(3);

    private static Set<String> chunks(Workers pool, long n, long grain) {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        pool.split(n, grain, (from, to) -> assertTrue(seen.add(from + "-" + to)));
        return seen;
    }

    @Property
    void chunks_do_not_depend_on_threads(
            @ForAll @IntRange(max = 200) int n, @ForAll @IntRange(max = 50) int grain) {
        assertEquals(chunks(ONE, n, grain), chunks(THREE, n, grain));
    }

    @Property
    void every_element_is_met_once(
            @ForAll @IntRange(max = 999) int n, @ForAll @IntRange(min = 1, max = 99) int grain) {
        AtomicIntegerArray met = new AtomicIntegerArray(n);
        THREE.split(
                n,
                grain,
                (from, to) -> {
                    for (long i = from; i < to; i++) {
                        met.incrementAndGet((int) i);
                    }
                });
        for (int i = 0; i < n; i++) {
            assertEquals(1, met.get(i));
        }
    }

    @Test
    void parked_threads_are_woken() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        LockSupport.parkNanos(20_000_000); // far beyond the time a helper spins
        for (int i = 0; i < 100 && threads.size() < 3; i++) {
            THREE.split(
                    6,
                    1,
                    (_, _) -> {
                        threads.add(Thread.currentThread());
                        LockSupport.parkNanos(1_000_000);
                    });
        }
        assertEquals(3, threads.size());
    }

    @Test
    void nested_calls_run_in_their_own_thread() {
        AtomicLong sum = new AtomicLong();
        THREE.split(
                10,
                1,
                (_, _) -> {
                    Thread outer = Thread.currentThread();
                    THREE.split(
                            10,
                            3,
                            (from, to) -> {
                                assertSame(outer, Thread.currentThread());
                                sum.addAndGet(to - from);
                            });
                });
        assertEquals(100, sum.get());
    }

    @Test
    void what_a_body_throws_reaches_the_caller_and_the_pool_lives_on() {
        for (int bad = 0; bad < 20; bad++) {
            long at = bad;
            var thrown =
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    THREE.split(
                                            20,
                                            1,
                                            (from, _) -> {
                                                if (from == at) {
                                                    throw new IllegalStateException("no " + at);
                                                }
                                            }));
            assertEquals("no " + at, thrown.getMessage());
            assertEquals(5, chunks(THREE, 10, 2).size());
        }
    }

    @Test
    void two_callers_do_not_disturb_each_other() throws InterruptedException {
        AtomicLong sum = new AtomicLong();
        Runnable caller =
                () -> {
                    for (int i = 0; i < 2_000; i++) {
                        THREE.split(64, 4, (from, to) -> sum.addAndGet(to - from));
                    }
                };
        Thread other = new Thread(caller);
        other.start();
        caller.run();
        other.join();
        assertEquals(2 * 2_000 * 64, sum.get());
    }

    @Test
    void a_number_of_threads_that_is_none_is_refused_by_name() {
        assertEquals(3, Workers.wanted(" 3 "));
        assertEquals(Runtime.getRuntime().availableProcessors(), Workers.wanted(null));
        for (String bad : new String[] {"two", "", "0", "-1", "1.5", "99999999999"}) {
            var thrown = assertThrows(DeviceException.class, () -> Workers.wanted(bad));
            assertTrue(thrown.getMessage().contains("lugha.threads"), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("'" + bad + "'"), thrown.getMessage());
        }
    }

    /** What the caches of a thread hold serves it again: nobody's own run goes to another first. */
    @Test
    void the_caller_begins_with_its_own_run_of_chunks() {
        AtomicLong first = new AtomicLong(-1);
        Thread caller = Thread.currentThread();
        THREE.split(
                300,
                1,
                (from, _) -> {
                    if (Thread.currentThread().equals(caller)) {
                        first.compareAndSet(-1, from);
                    }
                });
        assertEquals(0, Math.max(0, first.get()), "unless helpers were done before it began");
    }
}
