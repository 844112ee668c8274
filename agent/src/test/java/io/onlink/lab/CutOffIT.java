package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host whose cable is out keeps its routes, while the others drop theirs to it. */
@Tag("netns")
@Timeout(180)
class CutOffIT {
    @TempDir
    private Path work;

    @Test
    void aHostThatIsCutOffKeepsItsRoutesAndSaysSoAndTheOthersDoNot() throws IOException {
        try (Netns net = new Netns(4, work)) {
            for (int host = 1; host <= 4; host++) {
                net.agent(host, "--hold", "1s");
            }
            net.awaitRoutes(1, net.routesTo(2, 3, 4));
            net.awaitRoutes(4, net.routesTo(1, 2, 3));
            net.cable(1, false);
            net.awaitRoutes(2, net.routesTo(3, 4));
            await().atMost(Netns.SOON)
                    .untilAsserted(() ->
                            assertThat(net.onlink(1, "status")).contains("guard   the routes of 3 lost peers stay"));
            assertThat(net.routes(1)).isEqualTo(net.routesTo(2, 3, 4));
            assertThat(net.metrics(1)).contains("onlink_members_guarded 3.0\n");
            assertThat(net.log(1)).contains("this host may be cut off").doesNotContain("its routes go");

            net.cable(1, true);
            net.awaitMesh(1, 2, 3, 4);
            await().atMost(Netns.SOON)
                    .untilAsserted(() -> assertThat(net.onlink(1, "status")).doesNotContain("lost peers"));
        }
    }

    /** With one peer there is no guard: what fails on this host must not be taken for that peer's silence. */
    @Test
    void aHostWhoseLinkIsDownForAWhileKeepsItsRoutesAndASilentHostsGo() throws IOException {
        try (Netns net = new Netns(2, work)) {
            net.agent(1, "--hold", "2s");
            net.agent(2, "--mass-departure-share", "100");
            net.awaitRoutes(1, net.routesTo(2));
            net.awaitRoutes(2, net.routesTo(1));
            net.ip(1, "link set eth0 down");
            // The peer, which asks by a link that is up, is the clock: it finds this host silent, as it is.
            net.awaitRoutes(2, net.routesTo());
            await().atMost(Netns.SOON)
                    .during(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(net.routes(1)).isEqualTo(net.routesTo(2)));
            assertThat(net.log(1)).doesNotContain("its routes go");
            net.ip(1, "link set eth0 up");
            net.awaitRoutes(2, net.routesTo(1));
            assertThat(net.routes(1)).isEqualTo(net.routesTo(2));

            net.cable(2, false);
            net.awaitRoutes(1, net.routesTo());
            assertThat(net.log(1)).contains("its routes go");
        }
    }
}
