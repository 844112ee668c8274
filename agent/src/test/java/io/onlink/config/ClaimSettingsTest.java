package io.onlink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings that say what may be claimed, and when so many departures are not believed. */
class ClaimSettingsTest {
    @TempDir
    Path directory;

    private String problem(String flags) {
        return String.join(
                "\n",
                new Reading(directory).flags("--subnet 10.42.1.0/24 " + flags).problems());
    }

    @Test
    void anAuthorityWithoutAGrantOfOurOwnIsAProblem() {
        assertThat(problem("--authority /etc/onlink/authority.pub"))
                .isEqualTo("grant: is required with an authority, which refuses a node without one;"
                        + " 'onlink authority sign' makes it (default)");
        assertThat(problem("--authority /etc/onlink/authority.pub --grant /etc/onlink/a.grant"))
                .isEmpty();
        assertThat(problem("--grant /etc/onlink/a.grant")).isEmpty();
        assertThat(problem("--grant a.grant")).isEqualTo("grant: 'a.grant' is not an absolute path (flag --grant)");
    }

    @Test
    void ourOwnSubnetMayNotBeShorterThanTheShortest() {
        assertThat(problem("--min-prefix-length 25"))
                .isEqualTo("subnet: 10.42.1.0/24 is shorter than min-prefix-length 25 (flag --subnet)");
        assertThat(problem("--min-prefix-length 33"))
                .isEqualTo("min-prefix-length: '33' is not a prefix length, 0 to 32 (flag --min-prefix-length)");
    }

    @Test
    void theShareIsAPercentage() {
        assertThat(problem("--mass-departure-share 0"))
                .isEqualTo("mass-departure-share: '0' is not a percentage, 1 to 100 (flag --mass-departure-share)");
    }
}
