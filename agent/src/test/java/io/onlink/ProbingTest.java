package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.guard.Stray;
import io.onlink.inet.Ipv4;
import io.onlink.netlink.Namespace;
import io.onlink.netlink.TunnelSocket;
import io.onlink.peer.NodeName;
import io.onlink.probe.Target;
import io.onlink.seal.Keyring;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of probing when its tunnel goes, or a step of it fails; its one peer, h2, answers nothing. */
@Tag("netns")
class ProbingTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Ipv4 TUNNEL_ADDRESS = Ipv4.parse("10.42.1.0");
    private static final TunnelSocket.Place PLACE =
            new TunnelSocket.Place(Namespace.TUNNEL, TUNNEL_ADDRESS, Probing.PORT);
    private static final Ipv4 NODE_IP = Ipv4.parse("172.31.7.2");
    private static final Target H2 =
            new Target(new NodeName("h2"), List.of(Ipv4.parse("10.42.2.0")), true, true, NODE_IP, 0);

    private static Probing probing(Supplier<Set<Stray>> strays) {
        Probing probing = Probing.start(PLACE, Keyring.INSECURE, new Probing.Around(() -> {}, strays, peer -> {}));
        probing.peers(List.of(H2), 1480);
        return probing;
    }

    private static void awaitText(Probing probing, String line) {
        await().atMost(SOON).untilAsserted(() -> assertThat(probing.text()).containsPattern(line));
    }

    private static void route() throws Exception {
        Namespace.run("ip route add 10.42.2.0/24 dev " + Namespace.TUNNEL);
    }

    @Test
    void whileTheTunnelIsGoneNoVerdictIsToldAndWhenItIsBackProbesGoOn() throws Exception {
        Namespace.inside(() -> {
            route();
            try (Probing probing = probing(Set::of)) {
                awaitText(probing, "^h2 10\\.42\\.2\\.0 .*: gossip ok but protocol 4 dropped\n$");

                Namespace.run("ip link delete " + Namespace.TUNNEL);
                awaitText(probing, "^trouble no probes through the tunnel: .*\nh2 .*: not probed: no probes through");
                assertThat(probing.troubles()).doesNotContain("dropped");
                assertThat(probing.isUp()).isFalse();

                Namespace.run("ip link add " + Namespace.TUNNEL + " type veth peer name far");
                Namespace.run("ip link set far up");
                Namespace.run("ip address add 10.42.1.0/32 dev " + Namespace.TUNNEL);
                Namespace.run("ip link set " + Namespace.TUNNEL + " up");
                route();
                awaitText(probing, "^h2 10\\.42\\.2\\.0 .*: gossip ok but protocol 4 dropped\n$");
            }
        });
    }

    @Test
    void aProberWhosePortIsTakenIsNotUpUntilThePortIsFree() throws Exception {
        Namespace.inside(() -> {
            route();
            TunnelSocket taken = TunnelSocket.open(PLACE, 100);
            try (taken;
                    Probing probing = probing(Set::of)) {
                awaitText(probing, "^trouble no probes through the tunnel: .*5116.*\nh2 .*: not probed: no probes");
                assertThat(probing.isUp()).isFalse();

                taken.close();
                await().atMost(SOON).until(probing::isUp);
            }
        });
    }

    @Test
    void aStepThatFailsIsSaidAndProbingBeginsAnew() throws Exception {
        Namespace.inside(() -> {
            route();
            AtomicInteger asked = new AtomicInteger();
            Supplier<Set<Stray>> strays = () -> {
                if (asked.incrementAndGet() == 1) {
                    throw new IllegalStateException("a fault of the test's");
                }
                return Set.of(
                        new Stray(Ipv4.parse("172.31.7.99"), H2.addresses().get(0)));
            };
            try (LogLines log = new LogLines(Probing.class);
                    Probing probing = probing(strays)) {
                awaitText(probing, "guard drops: its packets come from 172\\.31\\.7\\.99");
                assertThat(log.taken()).contains("ERROR probing failed at one step; it begins anew");
            }
        });
    }
}
