package org.lugha.models.tokenizer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Numbered pieces of work on several threads, in no order. */
final class Parallel {
    private Parallel() {}

    /** Every thread makes a worker of its own; the first failure is thrown when all have ended. */
    static void forEach(int threads, int count, Supplier<IntConsumer> workers) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable run =
                () -> {
                    try {
                        IntConsumer worker = workers.get();
                        for (int i = next.getAndIncrement();
                                i < count;
                                i = next.getAndIncrement()) {
                            worker.accept(i);
                        }
                    } catch (RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                        next.set(count);
                    }
                };
        Thread[] others = new Thread[Math.max(0, Math.min(threads, count) - 1)];
        for (int i = 0; i < others.length; i++) {
            others[i] = Thread.startVirtualThread(run);
        }
        run.run();
        for (Thread other : others) {
            join(other);
        }
        switch (failure.get()) {
            case null -> {}
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
