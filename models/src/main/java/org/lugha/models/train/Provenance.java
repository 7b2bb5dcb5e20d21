package org.lugha.models.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.lugha.models.ModelFiles;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.data.DataSet;
import org.lugha.models.settings.RunConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** run.json: what it takes to repeat a run, and to say what it was made from. */
final class Provenance {
    private Provenance() {}

    static ObjectNode of(RunSetup setup) {
        RunConfig run = setup.run();
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("lugha_version", version());
        o.put("java_version", Runtime.version().toString());
        o.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        o.put("processors", Runtime.getRuntime().availableProcessors());
        o.put("device", setup.device().name());
        o.put("device_description", setup.device().description());
        o.put("seed", run.seed());
        o.set("config", run.resolved());
        ArrayNode files = o.putArray("data");
        setup.train().forEach(d -> add(files, "train", d));
        setup.eval().forEach(d -> add(files, "eval", d));
        return o;
    }

    /** Adds to run.json what was measured before the first step. */
    static void before(Path file, Metrics.Evaluation e) {
        ObjectNode o = JsonMapper.shared().readTree(file.toFile()).asObject();
        o.set("before", e.figures());
        Staged.write(file, ModelFiles.json(o) + "\n");
    }

    /** What {@link #before} kept. */
    static Optional<Metrics.Evaluation> before(Path file) {
        JsonNode o = JsonMapper.shared().readTree(file.toFile()).path("before");
        return o.isObject() ? Optional.of(Metrics.Evaluation.of(0, o)) : Optional.empty();
    }

    /** Adds to run.json how the run ended and what it took. */
    static void end(Path file, RunState state, boolean interrupted) {
        ObjectNode o = JsonMapper.shared().readTree(file.toFile()).asObject();
        o.put("state", interrupted ? "interrupted" : "complete");
        o.put("steps_done", state.step());
        o.put("step_seconds", state.seconds());
        if (state.best().step() > 0) {
            o.putObject("best_evaluation")
                    .put("step", state.best().step())
                    .put("loss", state.best().loss());
        }
        o.set("energy", state.energy().json());
        Staged.write(file, ModelFiles.json(o) + "\n");
    }

    private static void add(ArrayNode files, String use, DataSet d) {
        ObjectNode f = files.addObject();
        f.put("path", d.file().path().toString());
        f.put("use", use);
        f.put("sha256", sha256(d.file().path()));
        f.put("licence", d.file().licence());
        f.put("consent", d.file().consent());
        f.put("examples", d.examples().size());
        f.put("tokens", d.tokens());
        f.put("counted_tokens", d.counted());
    }

    static String version() {
        String v = Provenance.class.getPackage().getImplementationVersion();
        return v == null ? "development" : v;
    }

    static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (var reader = new DigestInputStream(in, digest)) {
                reader.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
