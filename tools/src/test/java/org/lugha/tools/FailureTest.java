package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DeviceException;

class FailureTest {
    /** A device that is not there was asked for by mistake; one that is full has failed. */
    @Test
    void aDeviceThatIsFullFailed() {
        var full =
                Failure.of(DeviceException.outOfMemory("out of memory; use a smaller batch", null));
        assertEquals(new Failure("out of memory; use a smaller batch", 1), full);
        assertEquals(2, Failure.of(new DeviceException("device cuda:9 cannot be used")).exitCode());
    }

    @Test
    void whatIsNestedTooDeeplyIsSaidInWords() {
        assertEquals(1, Failure.of(new StackOverflowError()).exitCode());
    }
}
