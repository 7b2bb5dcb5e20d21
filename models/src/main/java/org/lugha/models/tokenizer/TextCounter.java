package org.lugha.models.tokenizer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Counts the words of texts as they come, on several threads: whoever adds texts counts too where
 * no other thread is free. Texts are held until there are a quarter of a million chars of them.
 */
final class TextCounter {
    private static final int BATCH = 1 << 18;

    private final Normalizer normalizer;
    private final Splitter splitter;
    private final int others;
    private final Semaphore free;
    private final WordCounts total = new WordCounts();
    private final Deque<WordCounts> spare = new ArrayDeque<>();
    private List<String> batch = new ArrayList<>();
    private int held;
    private volatile Throwable failure;

    TextCounter(Normalizer normalizer, Splitter splitter, int threads) {
        this.normalizer = normalizer;
        this.splitter = splitter;
        this.others = threads - 1;
        this.free = new Semaphore(others);
    }

    void add(String text) {
        if (text.isEmpty()) {
            return;
        }
        batch.add(text);
        held += text.length();
        if (held >= BATCH) {
            flush();
        }
    }

    private void flush() {
        List<String> full = batch;
        batch = new ArrayList<>();
        held = 0;
        rethrow();
        if (others == 0 || !free.tryAcquire()) {
            count(full);
            return;
        }
        Thread.startVirtualThread(() -> {
            try {
                count(full);
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                free.release();
            }
        });
    }

    private void rethrow() {
        switch (failure) {
            case null -> {}
            case Error e -> throw e;
            case TokenizerException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void count(List<String> texts) {
        WordCounts own = take();
        for (String text : texts) {
            Aligned normal = normalizer.apply(Aligned.verbatim(text, 0));
            if (normal.length() > 0) {
                splitter.split(normal, own::add);
            }
        }
        synchronized (total) {
            total.addAll(own);
            own.clear();
            spare.push(own);
        }
    }

    private WordCounts take() {
        synchronized (total) {
            return spare.isEmpty() ? new WordCounts() : spare.pop();
        }
    }

    /** All words, when the last text has been added. */
    WordCounts words() {
        flush();
        free.acquireUninterruptibly(others);
        free.release(others);
        rethrow();
        return total;
    }
}
