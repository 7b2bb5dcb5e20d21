package org.lugha.runtime.cpu.thread;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.lugha.runtime.DeviceException;

/**
 * A fixed pool of daemon threads that share out ranges; the calling thread takes part.
 *
 * <p>Chunks depend on the shape alone, never on the number of threads, so a body whose chunks do
 * not depend on each other gives the same bits on any pool. A call from inside a body, or while
 * another thread uses the pool, runs in its own thread, chunk by chunk all the same.
 *
 * <p>Each thread begins with its own run of neighbouring chunks, the same in every job of the same
 * size, so that it meets again what its caches hold; who is done early takes from the end of
 * another's run.
 *
 * <p>A thread that ran out of work spins for a while before it parks: a hand-off to a spinning
 * thread takes about 0.1 us, waking a parked one about 20 us.
 */
public final class Workers {
    private static final String PROPERTY = "lugha.threads";
    private static final long SPIN_NANOS = 100_000;

    /** Longs from one thread's share to the next: they must not lie in one line. */
    private static final int APART = 16;

    // The state of the pool in one word: job number, open or not, threads inside.
    private static final long OPEN = 1L << 31;
    private static final long INSIDE = OPEN - 1;
    private static final int JOB_SHIFT = 32;

    private final AtomicBoolean isBusy = new AtomicBoolean();
    private final AtomicLong state = new AtomicLong();
    private final AtomicLongArray shares;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Worker[] helpers;
    private final boolean isIdle;

    // The job; written before it opens, read by threads that got inside.
    private RangeTask body;
    private long count;
    private long grain;

    /** A pool that computes on {@code threads} threads, the caller's included. */
    public Workers(int threads) {
        this(threads, false);
    }

    private Workers(int threads, boolean isIdle) {
        this.isIdle = isIdle;
        helpers = new Worker[Math.max(1, threads) - 1];
        shares = new AtomicLongArray((helpers.length + 2) * APART);
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Worker(i + 1);
            helpers[i].start();
        }
    }

    /** Runs nothing: a kernel on it takes and gives back memory and does not compute. */
    public static Workers idle() {
        return new Workers(1, true);
    }

    /**
     * The pool of this process: property {@code lugha.threads}, else one thread per processor.
     *
     * @throws DeviceException when the property is no number above 0
     */
    public static Workers shared() {
        wanted(
                System.getProperty(
                        PROPERTY)); // not first in an initializer, which hides what it throws
        return Shared.POOL;
    }

    static int wanted(String property) {
        if (property == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            int threads = Integer.parseInt(property.strip());
            if (threads > 0) {
                return threads;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new DeviceException(
                "cpu: property "
                        + PROPERTY
                        + " is the number of threads, 1 or more - it was '"
                        + property
                        + "' - e.g. -D"
                        + PROPERTY
                        + "=2, or leave it out for one a processor");
    }

    public int threads() {
        return helpers.length + 1;
    }

    /**
     * Runs {@code body} on {@code [0, grain), [grain, 2 grain), ..} up to {@code n}, in no fixed
     * order, and returns when all are done. What a body throws is thrown here; chunks not yet begun
     * are then left out.
     */
    public void split(long n, long grain, RangeTask body) {
        long step = Math.max(1, grain);
        if (isIdle || n <= step) {
            if (!isIdle && n > 0) {
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
        shareOut(Math.toIntExact((n - 1) / step + 1));
        long job = (state.get() >>> JOB_SHIFT) + 1;
        state.set(job << JOB_SHIFT | OPEN);
        wake((n - 1) / step);
        takeChunks(0);
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

    /** A run of chunks for each thread: those left, {@code [low, high)}, in one word. */
    private void shareOut(int chunks) {
        int threads = threads();
        for (int t = 0; t < threads; t++) {
            long low = (long) chunks * t / threads;
            long high = (long) chunks * (t + 1) / threads;
            shares.setPlain((t + 1) * APART, low << 32 | high);
        }
    }

    /** First those of thread {@code me}, then what others have left, from the end. */
    private void takeChunks(int me) {
        try {
            int threads = threads();
            for (int i = 0; i < threads; i++) {
                int owner = (me + i) % threads;
                for (long at = take(owner, i == 0); at >= 0; at = take(owner, i == 0)) {
                    body.run(at * grain, Math.min(count, (at + 1) * grain));
                }
            }
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
        }
    }

    /** The next chunk of a thread's share, or -1. */
    private long take(int owner, boolean isFirst) {
        int slot = (owner + 1) * APART;
        while (failure.get() == null) {
            long s = shares.get(slot);
            long low = s >>> 32;
            long high = s & 0xFFFF_FFFFL;
            if (low >= high) {
                return -1;
            }
            long left = isFirst ? low + 1 << 32 | high : low << 32 | high - 1;
            if (shares.compareAndSet(slot, s, left)) {
                return isFirst ? low : high - 1;
            }
        }
        return -1;
    }

    private final class Worker extends Thread {
        private volatile boolean isParked;
        private final int index;
        private long served;

        Worker(int index) {
            super("lugha-worker-" + index);
            this.index = index;
            setDaemon(true);
        }

        @Override
        public void run() {
            while (true) {
                awaitJob();
                if (enter()) {
                    takeChunks(index);
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
        static final Workers POOL = new Workers(wanted(System.getProperty(PROPERTY)));
    }
}
