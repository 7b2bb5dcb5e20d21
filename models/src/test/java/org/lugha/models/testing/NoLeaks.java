package org.lugha.models.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.lugha.runtime.Devices;

/** Fails a test after which a device has more live memory than before. */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {
    private static final List<String> DEVICES = List.of("reference", "cpu");
    private List<Long> before = List.of();

    @Override
    public void beforeEach(ExtensionContext context) {
        before = live();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            assertEquals(before, live(), "live bytes of " + DEVICES);
        }
    }

    private static List<Long> live() {
        return DEVICES.stream().map(d -> Devices.get(d).memory().usage().live()).toList();
    }
}
