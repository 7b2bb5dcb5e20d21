package org.lugha.autograd.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Loads every class of the project anew, the changed ones from memory; jqwik's too, which keeps the
 * hooks it has met.
 */
final class Isolated extends ClassLoader {
    private static final String NOT = "org.lugha.autograd.mutation.";

    private final Map<String, byte[]> changed;

    Isolated(Map<String, byte[]> changed) {
        super(Isolated.class.getClassLoader());
        this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(NOT)
                || !(name.startsWith("org.lugha.") || name.startsWith("net.jqwik."))) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                bytes = in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
