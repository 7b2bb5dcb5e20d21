package org.lugha.runtime.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed pool of daemon threads that share out ranges; the calling thread takes part.
 *
 * <p>Chunks depend on the shape alone, never on the number of threads, so a body whose chunks do
 * not depend on each other gives the same bits on any pool. A call from inside a body, or while
 * another thread uses the pool, runs in its own thread, chunk by chunk all the same.
 *
 * <p>A thread that ran out of work spins for a while before it parks: a hand-off to a spinning
 * thread takes about 0.1 us, waking a parked one about 20 us.
 */
final class Workers {
    private static final long SPIN_NANOS = 100_000;

    // The state of the pool in one word: job number, open or not, threads inside.
    private static final long OPEN = 1L << 31;
    private static final long INSIDE = OPEN - 1;
    private static final int JOB_SHIFT = 32;

    private final AtomicBoolean isBusy = new AtomicBoolean();
    private final AtomicLong state = new AtomicLong();
    private final AtomicLong next = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Worker[] helpers;

    // The job; written before it opens, read by threads that got inside.
    private RangeTask body;
    private long count;
    private long grain;

    /** A pool that computes on {@code threads} threads, the caller's included. */
    Workers(int threads) {
        helpers = new Worker[Math.max(1, threads) - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Worker(i + 1);
            helpers[i].start();
        }
    }

    /** The pool of this process: property {@code lugha.threads}, else one thread per processor. */
    static Workers shared() {
        return Shared.POOL;
    }

    int threads() {
        return helpers.length + 1;
    }

    /**
     * Runs {@code body} on {@code [0, grain), [grain, 2 grain), ..} up to {@code n}, in no fixed
     * order, and returns when all are done. What a body throws is thrown here; chunks not yet begun
     * are then left out.
     */
    void split(long n, long grain, RangeTask body) {
        long step = Math.max(1, grain);
        if (n <= step) {
            if (n > 0) {
                body.run(0, n);
            }
        } else if (helpers.length == 0 || !isBusy.compareAndSet(false, true)) {
            for (long from = 0; from < n; from += step) {
                body.run(from, Math.min(n, from + step));
            }
        } else {
            fanOut(n, step, body);
        }
    }

    private void fanOut(long n, long step, RangeTask task) {
        body = task;
        count = n;
        grain = step;
        next.set(0);
        long job = (state.get() >>> JOB_SHIFT) + 1;
        state.set(job << JOB_SHIFT | OPEN);
        wake((n - 1) / step);
        takeChunks();
        close();
        body = null;
        Throwable thrown = failure.getAndSet(null);
        isBusy.set(false);
        switch (thrown) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }

    private void wake(long wanted) {
        for (int i = 0; i < helpers.length && i < wanted; i++) {
            if (helpers[i].isParked) {
                LockSupport.unpark(helpers[i]);
            }
        }
    }

    /** Nobody gets in from here on; waits for those inside. A helper not yet awake is too late. */
    @SuppressWarnings("ThreadPriorityCheck") // where others compete for the cores, let them finish
    private void close() {
        state.getAndUpdate(s -> s & ~OPEN);
        for (int spins = 0; (state.get() & INSIDE) != 0; spins++) {
            if (spins < 20_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    private void takeChunks() {
        try {
            long n = count;
            long step = grain;
            RangeTask task = body;
            for (long from = next.getAndAdd(step); from < n; from = next.getAndAdd(step)) {
                task.run(from, Math.min(n, from + step));
            }
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
            next.set(count);
        }
    }

    private final class Worker extends Thread {
        private volatile boolean isParked;
        private long served;

        Worker(int index) {
            super("lugha-worker-" + index);
            setDaemon(true);
        }

        @Override
        public void run() {
            while (true) {
                awaitJob();
                if (enter()) {
                    takeChunks();
                    state.getAndDecrement();
                }
            }
        }

        private boolean isOffered(long s) {
            return (s & OPEN) != 0 && s >>> JOB_SHIFT != served;
        }

        private boolean enter() {
            long s = state.get();
            while (isOffered(s)) {
                if (state.compareAndSet(s, s + 1)) {
                    served = s >>> JOB_SHIFT;
                    return true;
                }
                s = state.get();
            }
            return false;
        }

        private void awaitJob() {
            long since = System.nanoTime();
            while (!isOffered(state.get())) {
                for (int i = 0; i < 64 && !isOffered(state.get()); i++) {
                    Thread.onSpinWait();
                }
                if (System.nanoTime() - since > SPIN_NANOS) {
                    park();
                    since = System.nanoTime();
                }
            }
        }

        private void park() {
            isParked = true;
            while (!isOffered(state.get())) {
                LockSupport.park(Workers.this);
            }
            isParked = false;
        }
    }

    private static final class Shared {
        static final Workers POOL =
                new Workers(
                        Integer.getInteger(
                                "lugha.threads", Runtime.getRuntime().availableProcessors()));
    }
}
