package org.lugha.models.energy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The energy counters of Intel and AMD processors as Linux shows them (power capping framework,
 * {@code intel-rapl:N/energy_uj}): every package, and its memory where that is counted apart. Cores
 * and graphics are parts of a package, {@code psys} contains it, and {@code intel-rapl-mmio} shows
 * it once more: none of these is added. All that runs on the machine is counted.
 *
 * <p>A counter begins again at 0 after {@code max_energy_range_uj}, minutes to hours of work, so
 * {@link #joules} must be called more often than that.
 */
public final class RaplCounter implements EnergySource {
    /** Where Linux has them. */
    public static final Path ROOT = Path.of("/sys/class/powercap");

    /**
     * What was found.
     *
     * @param counter empty: there is nothing to read
     * @param why in words, when empty
     */
    record Found(Optional<RaplCounter> counter, String why) {}

    private static final class Domain {
        final String name;
        final Path file;
        final long range;
        long last;

        Domain(Path folder, String name) throws IOException {
            this.name = name;
            this.file = folder.resolve("energy_uj");
            this.range = read(folder.resolve("max_energy_range_uj"));
            this.last = read(file);
        }

        /** Microjoules since the last call. */
        long advance() throws IOException {
            long now = read(file);
            long passed = now - last;
            last = now;
            return passed >= 0 ? passed : passed + range;
        }
    }

    private final List<Domain> domains;
    private long microjoules;
    private long failures;

    private RaplCounter(List<Domain> domains) {
        this.domains = domains;
    }

    /** Opens all counters below a folder, or says why there are none. */
    static Found open(Path root) {
        List<Domain> all = new ArrayList<>();
        try {
            for (Path folder : folders(root, "intel-rapl:*")) {
                String name = Files.readString(folder.resolve("name")).strip();
                if (name.startsWith("package") || name.equals("dram")) {
                    all.add(new Domain(folder, name));
                }
            }
        } catch (AccessDeniedException e) {
            return new Found(Optional.empty(), "RAPL at " + e.getFile() + " is for root alone");
        } catch (IOException | NumberFormatException e) {
            return new Found(
                    Optional.empty(),
                    "RAPL at " + root + " cannot be read (" + e.getMessage() + ")");
        }
        return all.stream().noneMatch(d -> d.name.startsWith("package"))
                ? new Found(Optional.empty(), "no RAPL readable at " + root)
                : new Found(Optional.of(new RaplCounter(all)), "");
    }

    private static List<Path> folders(Path root, String glob) throws IOException {
        List<Path> all = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, glob)) {
                entries.forEach(all::add);
            }
        }
        all.sort(null);
        return all;
    }

    private static long read(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    /** A reading that fails is made up for by the next one that succeeds. */
    @Override
    public synchronized double joules() {
        for (Domain d : domains) {
            try {
                microjoules += d.advance();
            } catch (IOException | NumberFormatException e) {
                failures++;
            }
        }
        return microjoules * 1e-6;
    }

    @Override
    public boolean measured() {
        return true;
    }

    @Override
    public String name() {
        return "rapl";
    }

    @Override
    public synchronized String explanation() {
        return "measured by RAPL ("
                + String.join(", ", domains.stream().map(d -> d.name).toList())
                + "), all that ran on these processors included, the rest of the machine not"
                + (failures > 0 ? "; " + failures + " readings failed" : "");
    }
}
