package org.lugha.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process that is in RAM. */
public final class Resident {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Resident() {}

    /** The most it ever was, in MiB; on systems without {@code /proc} what the JVM's heap has. */
    public static long peakMib() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
                }
            }
        } catch (IOException e) {
            // not Linux: the heap is what is known
        }
        return Runtime.getRuntime().totalMemory() >> 20;
    }
}
