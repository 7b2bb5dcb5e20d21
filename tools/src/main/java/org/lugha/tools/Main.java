package org.lugha.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.List;
import org.lugha.tools.command.AdapterCommand;
import org.lugha.tools.command.Bench;
import org.lugha.tools.command.DataCommand;
import org.lugha.tools.command.DemoCommand;
import org.lugha.tools.command.Doctor;
import org.lugha.tools.command.Evaluate;
import org.lugha.tools.command.Generate;
import org.lugha.tools.command.ModelCommand;
import org.lugha.tools.command.Score;
import org.lugha.tools.command.TokenizerCommand;
import org.lugha.tools.command.Train;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code lugha}: the root of all commands. */
@Command(
        name = "lugha",
        description = "Trains and adapts language models, on the JVM alone.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.class,
            Train.class,
            Score.class,
            Generate.class,
            Evaluate.class,
            ModelCommand.class,
            AdapterCommand.class,
            TokenizerCommand.class,
            DataCommand.class,
            Doctor.class,
            Bench.class
        },
        footer = {"", "Begin with:", "  lugha demo"})
public final class Main implements Runnable {
    @Spec private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Add the stack trace to an error.")
    private boolean verbose;

    /** Exits with 0 done, 1 the work failed, 2 the request was wrong, 130 interrupted. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command in this process. */
    public static int run(String... args) {
        Main root = new Main();
        CommandLine line = commandLine(root);
        try {
            return line.execute(args);
        } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
            return root.failed(e, line);
        }
    }

    private static CommandLine commandLine(Main root) {
        CommandLine line = new CommandLine(root);
        Bench.addKernels(line.getSubcommands().get("bench"));
        line.setOut(new PrintWriter(System.out, true, UTF_8));
        line.setErr(new PrintWriter(System.err, true, UTF_8));
        line.setParameterExceptionHandler((e, _) -> wrongArguments(e));
        line.setExecutionExceptionHandler((e, cmd, _) -> root.failed(e, cmd));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        everyVersion(line);
        return line;
    }

    /** {@code --version} of any command is that of them all. */
    private static void everyVersion(CommandLine line) {
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(Main::everyVersion);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "which command? One of " + commands(spec.commandLine()));
    }

    private int failed(Throwable e, CommandLine command) {
        if (verbose) {
            e.printStackTrace(command.getErr());
        }
        Failure failure = Failure.of(e);
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + failure.line());
        return failure.exitCode();
    }

    private static int wrongArguments(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + reason(e) + " (see " + name + " --help)");
        return 2;
    }

    /** An option that is not known comes before one that is missing: often it is the same one. */
    private static String reason(ParameterException e) {
        CommandLine command = e.getCommandLine();
        List<String> unknown = command.getUnmatchedArguments();
        if (unknown.isEmpty()) {
            return Failure.line(e.getMessage());
        }
        String near = suggestion(new UnmatchedArgumentException(command, unknown));
        String first = unknown.getFirst();
        if (first.startsWith("-")) {
            return "unknown option '" + first + "'" + near;
        }
        if (command.getSubcommands().isEmpty()) {
            return "unknown argument '" + first + "'" + near;
        }
        return "there is no command '" + first + "'" + near;
    }

    private static String suggestion(UnmatchedArgumentException u) {
        List<String> near = u.getSuggestions();
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }

    private static String commands(CommandLine line) {
        return String.join(", ", line.getSubcommands().keySet());
    }

    /** Reads the version from the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String v = Main.class.getPackage().getImplementationVersion();
            return new String[] {"lugha " + (v == null ? "development" : v)};
        }
    }
}
