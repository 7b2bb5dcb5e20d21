package org.lugha.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import org.lugha.tools.command.Bench;
import org.lugha.tools.command.DemoCommand;
import org.lugha.tools.command.Doctor;
import org.lugha.tools.command.Generate;
import org.lugha.tools.command.Score;
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
        versionProvider = Main.Version.class,
        subcommands = {
            DemoCommand.class,
            Train.class,
            Score.class,
            Generate.class,
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
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        Main root = new Main();
        CommandLine line = new CommandLine(root);
        line.setOut(new PrintWriter(System.out, true, UTF_8));
        line.setErr(new PrintWriter(System.err, true, UTF_8));
        line.setParameterExceptionHandler((e, _) -> wrongArguments(e));
        line.setExecutionExceptionHandler((e, cmd, _) -> root.failed(e, cmd));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "which command? One of " + commands(spec.commandLine()));
    }

    private int failed(Exception e, CommandLine command) {
        if (verbose) {
            e.printStackTrace(command.getErr());
        }
        Failure failure = Failure.of(e);
        command.getErr().println("lugha " + command.getCommandName() + ": " + failure.line());
        return failure.exitCode();
    }

    private static int wrongArguments(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String message = e.getMessage().lines().findFirst().orElse("wrong arguments");
        if (e instanceof UnmatchedArgumentException u && !u.getSuggestions().isEmpty()) {
            message += "; did you mean " + String.join(" or ", u.getSuggestions()) + "?";
        }
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + message + " (see " + name + " --help)");
        return 2;
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
