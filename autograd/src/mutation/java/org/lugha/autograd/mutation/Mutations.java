package org.lugha.autograd.mutation;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Prints how many wrong gradients the suite notices, n of n, and every one that it does not.
 * Arguments: the repository's folder, how many examples a property tries, and names of ops or
 * reference kernels (none: all).
 */
public final class Mutations {
    private Mutations() {}

    /** Ends with 1 when a mutant lives. */
    public static void main(String... args) throws Exception {
        PrintStream out = System.out;
        Logger.getLogger("").setLevel(Level.OFF);
        System.setOut(new PrintStream(PrintStream.nullOutputStream())); // jqwik's reports
        Sources sources = Sources.of(Path.of(args[0]));
        Suite suite = new Suite(Integer.parseInt(args[1]));
        Compiler compiler = new Compiler();
        List<String> names = new ArrayList<>(List.of(args).subList(2, args.length));
        names.remove("true"); // -Dmutate without a value
        int all = 0;
        List<Mutant> alive = new ArrayList<>();
        for (Path file : sources.named(names)) {
            List<Mutant> mutants = Mutator.of(file, sources, compiler);
            if (!mutants.isEmpty()) {
                suite.failure(mutants.getFirst(), Map.of())
                        .ifPresent(f -> {
                            throw new IllegalStateException(
                                    Sources.name(file) + ": its tests fail without any change", f);
                        });
            }
            long noticed = 0;
            for (Mutant m : mutants) {
                Map<String, byte[]> classes = compiler.compile(m);
                if (classes.isEmpty()) {
                    throw new IllegalStateException(m + " does not compile\n" + m.source());
                }
                if (suite.failure(m, classes).isPresent()) {
                    noticed++;
                } else {
                    alive.add(m);
                    out.println("alive: " + m);
                }
            }
            all += mutants.size();
            if (!mutants.isEmpty()) {
                out.println(Sources.name(file) + ": " + noticed + " of " + mutants.size());
            }
        }
        out.println(all - alive.size() + " of " + all + " wrong gradients noticed");
        System.exit(alive.isEmpty() ? 0 : 1);
    }
}
