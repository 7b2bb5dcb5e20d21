package org.lugha.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Owns every tensor created while it is the innermost open scope of its thread; closing it lets go
 * of them. Scopes nest and are confined to the thread that opened them.
 *
 * <pre>{@code
 * try (var _ = Scope.open("evaluate")) {
 *     Tensor y = x.emptyLike();   // dies at the end of the block
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

    private final String name;
    private final Scope parent;
    private final Thread thread = Thread.currentThread();
    private final List<Storage> owned = new ArrayList<>();
    private boolean closed;

    private Scope(String name, Scope parent) {
        this.name = name;
        this.parent = parent;
    }

    /** Opens a scope inside the current one; {@code name} appears in messages about its tensors. */
    public static Scope open(String name) {
        Scope s = new Scope(name, CURRENT.get());
        CURRENT.set(s);
        return s;
    }

    /**
     * The innermost open scope of this thread.
     *
     * @throws IllegalStateException when none is open
     */
    public static Scope current() {
        Scope s = CURRENT.get();
        if (s == null) {
            throw new IllegalStateException(
                    "tensor: no scope is open on thread '"
                            + Thread.currentThread().getName()
                            + "'; create tensors inside try (var _ = Scope.open(\"name\")) { ... }");
        }
        return s;
    }

    /** Whether a scope is open on this thread. */
    public static boolean isOpen() {
        return CURRENT.get() != null;
    }

    public String name() {
        return name;
    }

    /** This scope becomes an owner too: the tensor lives at least until it closes. */
    public Tensor keep(Tensor t) {
        check("keep");
        t.storage().retain();
        owned.add(t.storage());
        return t;
    }

    /** Gives a result to the enclosing scope, so that it outlives this one. */
    @SuppressWarnings("NamedLikeContextualKeyword") // always called on a scope
    public Tensor yield(Tensor t) {
        if (parent == null) {
            throw new IllegalStateException(
                    "scope '" + name + "': there is no enclosing scope to give a result to");
        }
        return parent.keep(t);
    }

    /**
     * This scope is no longer an owner, where it was one: the tensor dies now unless somebody else
     * holds it. For values that a long computation passes on from step to step.
     */
    public void letGo(Tensor t) {
        check("letGo");
        int last = owned.lastIndexOf(t.storage());
        if (last >= 0) {
            owned.remove(last).release(name);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!thread.equals(Thread.currentThread()) || CURRENT.get() != this) {
            Scope inner = CURRENT.get();
            throw new IllegalStateException(
                    "scope '"
                            + name
                            + "' must be closed by thread '"
                            + thread.getName()
                            + "' after every scope inside it; still open: "
                            + (inner == null ? "none on this thread" : "'" + inner.name + "'"));
        }
        closed = true;
        if (parent == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(parent);
        }
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).release(name);
        }
        owned.clear();
    }

    private void check(String what) {
        if (closed || !thread.equals(Thread.currentThread())) {
            throw new IllegalStateException(
                    what
                            + ": scope '"
                            + name
                            + "' "
                            + (closed
                                    ? "is closed"
                                    : "belongs to thread '" + thread.getName() + "'"));
        }
    }
}
