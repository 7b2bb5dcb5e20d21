package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.lugha.runtime.Devices;
import org.lugha.tools.Interrupt;
import org.lugha.tools.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lugha demo [--out DIR] [--quick]}. */
@Command(
        name = "demo",
        description = "From text in two languages to a model that translates, end to end.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha demo --out lugha-demo"})
public final class DemoCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--out",
            defaultValue = "lugha-demo",
            paramLabel = "DIR",
            description = "Where results go (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--quick", description = "Seconds instead of minutes; learns little.")
    private boolean quick;

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu, reference or cuda:0 (default: ${DEFAULT-VALUE}).")
    private String device;

    @Override
    public Integer call() {
        var on = device.equals("auto") ? Devices.best() : Devices.get(device);
        try (Interrupt interrupt = new Interrupt()) {
            interrupt.waits(); // what is half-written goes before the process does
            var out = spec.commandLine().getOut();
            var outcome = new Demo(quick, on, out, interrupt::requested).run(folder);
            return outcome.identicalAfterReload() ? 0 : 1;
        } catch (CancellationException e) {
            return Interrupt.EXIT_CODE;
        }
    }
}
