package io.onlink.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CulpritsTest {
    private static final Ipv4Prefix DST = Ipv4Prefix.parse("10.42.2.0/24");
    private static final Ipv4Prefix OTHER = Ipv4Prefix.parse("10.42.3.0/24");
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path proc;

    private Culprits culprits = new Culprits();

    @BeforeEach
    void aProcess() throws IOException {
        Files.createDirectories(proc.resolve("4321"));
        Files.writeString(proc.resolve("4321/comm"), "systemd-network\n");
        culprits = new Culprits(proc);
    }

    @Test
    void aProcessThatLivesIsNamed() {
        culprits.touched(DST, 4321, 0);
        assertThat(culprits.of(DST, SECOND)).map(Object::toString).hasValue("systemd-network (pid 4321)");
        assertThat(culprits.of(OTHER, SECOND)).isEmpty();
    }

    @Test
    void oneThatIsGoneIsANumberAndTheKernelIsTheKernel() {
        culprits.touched(DST, 99, 0);
        assertThat(culprits.of(DST, SECOND)).map(Object::toString).hasValue("pid 99, which is gone or hidden");
        culprits.touched(DST, 0, 0);
        assertThat(culprits.of(DST, SECOND)).map(Object::toString).hasValue("the kernel itself");
    }

    @Test
    void whoTookALinkDownExplainsTheRoutesThatWentWithIt() {
        culprits.touched(null, 4321, 0);
        assertThat(culprits.of(DST, SECOND)).map(Object::toString).hasValue("systemd-network (pid 4321)");
    }

    @Test
    void whatIsLongPastExplainsNothing() {
        culprits.touched(DST, 4321, 0);
        assertThat(culprits.of(DST, 11 * SECOND)).isEmpty();
    }

    @Test
    void aStormLooksUpAProcessOnceASecondAndIsForgottenFromItsBeginning() throws IOException {
        culprits.touched(DST, 4321, 0);
        Files.delete(proc.resolve("4321/comm"));
        for (int i = 0; i < Culprits.MOST; i++) {
            culprits.touched(Ipv4Prefix.parse("10." + i / 256 + "." + i % 256 + ".0/24"), 4321, i);
        }
        assertThat(culprits.of(Ipv4Prefix.parse("10.0.5.0/24"), SECOND))
                .map(Object::toString)
                .hasValue("systemd-network (pid 4321)");
        assertThat(culprits.of(DST, SECOND)).isEmpty();
    }
}
