package org.lugha.models.data;

import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Work on several threads whose results come on the caller's thread, in the order in which it was
 * handed over. A failure comes in its place too, so the first one of a file is the one that is
 * told. Twice as many pieces as threads are under way at most.
 */
final class InOrder<T> implements AutoCloseable {
    private final int threads;
    private final ExecutorService pool;
    private final Consumer<T> results;
    private final ArrayDeque<Future<T>> underWay = new ArrayDeque<>();

    InOrder(int threads, Consumer<T> results) {
        this.threads = threads;
        this.results = results;
        this.pool =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("data-", 0).factory());
    }

    void submit(Callable<T> work) {
        if (underWay.size() >= 2 * threads) {
            take();
        }
        underWay.add(pool.submit(work));
    }

    /** Waits for all that is under way. */
    void finish() {
        while (!underWay.isEmpty()) {
            take();
        }
    }

    private void take() {
        try {
            results.accept(underWay.remove().get());
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException r -> throw r;
                case Error r -> throw r;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while data was read", e);
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
