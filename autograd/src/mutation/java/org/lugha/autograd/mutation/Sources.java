package org.lugha.autograd.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The files with a backward in them, and which tests belong to each. */
record Sources(Path op, Path reference, List<Path> ops) {

    /** Those of the repository at this folder. */
    static Sources of(Path root) throws IOException {
        Path op = root.resolve("autograd/src/main/java/org/lugha/autograd/op");
        Path reference = root.resolve("runtime/src/main/java/org/lugha/runtime/reference");
        List<Path> ops = new ArrayList<>();
        for (Path file : files(op)) {
            if (Files.readString(file).contains("implements Op ")) {
                ops.add(file);
            }
        }
        return new Sources(op, reference, ops);
    }

    /** Every op, then every kernel of the reference, of these names; all where none are given. */
    List<Path> named(List<String> names) throws IOException {
        return Stream.concat(ops.stream(), files(reference).stream())
                .filter(f -> f.startsWith(op) || name(f).startsWith("Ref"))
                .filter(f -> names.isEmpty() || names.contains(name(f)))
                .toList();
    }

    /** The op's own test, or those of all ops that call the kernel's family. */
    List<String> tests(Path file) throws IOException {
        if (file.startsWith(op)) {
            return List.of(name(file) + "Test");
        }
        String family = name(file).substring("Ref".length());
        String call = "." + family.substring(0, 1).toLowerCase(Locale.ROOT) + family.substring(1);
        if (family.equals("Unary")) {
            call = ".elementwise";
        }
        List<String> tests = new ArrayList<>();
        for (Path o : ops) {
            String backward = Files.readString(o).replaceAll("\\s", "");
            if (backward.substring(backward.indexOf("voidbackward(")).contains(call + "()")) {
                tests.add(name(o) + "Test");
            }
        }
        return tests;
    }

    static String name(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    /** Of the class that a file declares. */
    String type(Path file) {
        return (file.startsWith(op) ? "org.lugha.autograd.op." : "org.lugha.runtime.reference.")
                + name(file);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.toString().endsWith(".java"))
                    .filter(f -> !f.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
    }
}
