package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Real agents, of which host 3's claims host 2's subnet, before host 2 itself comes. */
class ClaimIT extends OnHosts {
    private static final String STOLEN = """
            10.42.2.0/24 via 172.31.7.3 dev tunl0 onlink
            10.42.3.0/24 via 172.31.7.3 dev tunl0 onlink
            """;

    ClaimIT() {
        super(3);
    }

    private String log(int host) {
        return "host " + host + ", whose agent says:\n" + net.log(host);
    }

    private void awaitStatus(int host, String line) {
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(net.onlink(host, "status"))
                        .as(() -> log(host))
                        .contains(line + "\n"));
    }

    /** The grant of a host for its own subnet, and what its agent is to be told of it. */
    private String grant(int host) throws IOException {
        String text = Netns.onlink(
                "authority",
                "sign",
                work.resolve("ca").toString(),
                "--name=h" + host,
                "--node-ip=172.31.7." + host,
                "--subnet=10.42." + host + ".0/24");
        return "--grant=" + Files.writeString(work.resolve("h" + host + ".grant"), text);
    }

    @Test
    void withoutAnAuthorityTheOlderClaimKeepsThePrefixAndTheLoserIsNamedAtEveryNode() throws Exception {
        net.agent(1);
        net.agent(3, "--subnet", "10.42.2.0/24");
        net.awaitRoutes(1, STOLEN);
        awaitStatus(3, "view    complete");
        net.agent(2);
        for (int host = 1; host <= 3; host++) {
            awaitStatus(host, "refused h2: 10.42.2.0/24 overlaps 10.42.2.0/24 of an older claim");
        }
        assertThat(net.routes(1)).isEqualTo(STOLEN);
    }

    @Test
    void withAnAuthorityAClaimBeyondItsGrantIsNothingHoweverOldItIs() throws Exception {
        Netns.onlink("authority", "init", work.resolve("ca").toString());
        String authority = "--authority=" + work.resolve("ca/authority.pub");
        net.agent(1, authority, grant(1));
        net.agent(3, grant(3), "--subnet", "10.42.2.0/24");
        awaitStatus(1, "refused h3: the grant is for [10.42.3.0/24], not 10.42.2.0/24");
        assertThat(net.routes(1)).isEmpty();
        net.agent(2, authority, grant(2));
        net.awaitRoutes(1, net.routesTo(2));
        net.awaitRoutes(2, net.routesTo(1));
        assertThat(net.metrics(1)).contains("onlink_claims_rejected{reason=\"grant_exceeded\"} 1.0\n");
        assertThat(net.log(1).lines().filter(line -> line.contains("claim of h3 refused")))
                .as("lines of one member and reason")
                .hasSize(1);
    }

    @Test
    void aNodeWhoseOwnGrantDoesNotCoverItDoesNotStart() throws Exception {
        Netns.onlink("authority", "init", work.resolve("ca").toString());
        String authority = "--authority=" + work.resolve("ca/authority.pub");
        Process agent = net.agent(1, authority, grant(2));
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isEqualTo(78);
        assertThat(net.log(1))
                .contains("h2.grant: the grant is for node h2; have the authority sign one for this node");
        agent = net.agent(1, authority);
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isEqualTo(78);
    }

    @Test
    void anAddressOrADefaultGatewayThatComesToAHostTakesTheRoutesThatCoverItAndGivesThemBack() throws Exception {
        net.agent(1);
        net.agent(2);
        net.awaitRoutes(1, net.routesTo(2));
        net.ip(1, "addr add 10.42.2.77/32 dev eth0");
        net.awaitRoutes(1, "");
        net.ip(1, "addr del 10.42.2.77/32 dev eth0");
        net.awaitRoutes(1, net.routesTo(2));
        net.ip(1, "route add default via 10.42.2.254 dev eth0 onlink");
        net.awaitRoutes(1, "");
        awaitStatus(1, "refused h2: 10.42.2.0/24 holds 10.42.2.254, a gateway, a seed or this host");
        net.ip(1, "route del default");
        net.awaitRoutes(1, net.routesTo(2));
    }
}
