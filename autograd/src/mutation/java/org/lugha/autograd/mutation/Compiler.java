package org.lugha.autograd.mutation;

import com.sun.source.util.JavacTask;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles one source against this program's class path, in memory. */
final class Compiler {
    private static final List<String> OPTIONS =
            List.of("-proc:none", "-nowarn", "--add-modules=jdk.incubator.vector");

    private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();

    /** For parsing and types. */
    JavacTask task(Path file) throws java.io.IOException {
        var source = new Text(file.getFileName().toString(), Files.readString(file));
        return (JavacTask) javac.getTask(null, null, _ -> {}, OPTIONS, null, List.of(source));
    }

    /** Classes by name; none when the source does not compile. */
    Map<String, byte[]> compile(Mutant m) {
        Map<String, ByteArrayOutputStream> out = new HashMap<>();
        var files = new InMemory(javac.getStandardFileManager(null, null, null), out);
        var source =
                new Text(m.type().substring(m.type().lastIndexOf('.') + 1) + ".java", m.source());
        boolean done = javac.getTask(null, files, _ -> {}, OPTIONS, null, List.of(source)).call();
        Map<String, byte[]> classes = new HashMap<>();
        if (done) {
            out.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        }
        return classes;
    }

    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> out;

        InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> out) {
            super(files);
            this.out = out;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location where, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("bytes:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() throws UncheckedIOException {
                    return out.computeIfAbsent(name, _ -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
