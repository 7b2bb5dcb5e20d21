package org.lugha.tools;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C as a question: work that has said {@link #waits} sees {@link #requested}, saves and ends;
 * the process waits for it and then exits with {@link #EXIT_CODE}. Before that, when there is
 * nothing to save, the process ends at once.
 */
public final class Interrupt implements AutoCloseable {
    /** What a shell expects after SIGINT. */
    public static final int EXIT_CODE = 130;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("interrupt").unstarted(this::stop);
    private volatile boolean requested;
    private volatile boolean waits;

    public Interrupt() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    public boolean requested() {
        return requested;
    }

    /** From here on there is something to save. */
    public void waits() {
        waits = true;
    }

    /** The work is over, one way or the other. */
    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is ending already: the hook runs, or has run
        }
    }

    private void stop() {
        requested = true;
        if (!waits) {
            return;
        }
        System.err.println("\nlugha: interrupted, ending after this step");
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
