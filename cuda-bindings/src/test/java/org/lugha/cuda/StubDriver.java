package org.lugha.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Compiles {@code libcuda.c} into a library that answers as its macros say. */
final class StubDriver {
    private StubDriver() {}

    /** Skips the test, with the reason, on a machine without a C compiler. */
    static String compile(Path folder, String... macros) throws Exception {
        List<String> command = new ArrayList<>(List.of(compiler(), "-shared", "-fPIC"));
        Stream.of(macros).map(m -> "-D" + m).forEach(command::add);
        // A file of its own per variant: the loader knows a library by its name.
        Path library = folder.resolve("libcuda-" + String.join("-", macros) + ".so");
        Path source = folder.resolve("libcuda.c");
        try (InputStream in = StubDriver.class.getResourceAsStream("/libcuda.c")) {
            Files.write(source, in.readAllBytes());
        }
        command.addAll(List.of("-o", library.toString(), source.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return library.toString();
    }

    private static String compiler() {
        Optional<String> found =
                Stream.of("cc", "gcc", "clang").filter(StubDriver::installed).findFirst();
        assumeTrue(found.isPresent(), "no C compiler (cc, gcc, clang) to make a stub libcuda with");
        return found.orElseThrow();
    }

    private static boolean installed(String compiler) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, compiler)));
    }
}
