package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.Membership;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.route.FakeKernel;
import io.onlink.route.Reconciler;
import io.onlink.route.Route;
import io.onlink.route.TunnelSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The loop driven by hand: a fake kernel, a fake membership, a clock that the test moves. */
class AgentTest {
    private static final String B_AND_C = "b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24";
    private static final String BOTH = """
            10.42.2.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink
            10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink
            """;
    private static final String ONLY_C = "10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink\n";

    private final FakeKernel kernel = new FakeKernel("172.16.165.33/24", false);
    private final FakeMembership membership = new FakeMembership();
    private final Mailbox mailbox = new Mailbox();
    private final List<Turn> turns = new ArrayList<>();
    private long now;
    private final Agent agent = agent();

    private static final class FakeMembership implements Membership {
        final List<Advertisement> advertised = new ArrayList<>();
        final List<String> probed = new ArrayList<>();

        @Override
        public void start() {}

        @Override
        public void advertise(Advertisement self) {
            advertised.add(self);
        }

        @Override
        public void probe(Advertisement peer) {
            probed.add(peer.name().text());
        }

        @Override
        public void leave() {}

        @Override
        public void close() {}
    }

    private Agent agent() {
        TunnelSettings links =
                new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, "", true);
        AgentSettings settings = new AgentSettings(
                Claims.one("a 172.16.165.33 10.42.1.0/24 @0"),
                links,
                List.of(Ipv4Prefix.parse("10.42.0.0/16")),
                Set.of(),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30));
        return new Agent(
                settings,
                new Agent.World(new Reconciler(kernel, links, true), membership, mailbox, () -> now, turns::add));
    }

    private void step(double seconds) throws InterruptedException {
        now += Duration.ofMillis((long) (seconds * 1000)).toNanos();
        agent.step(mailbox.take(0));
    }

    private Status status() {
        return turns.get(turns.size() - 1).status();
    }

    @Test
    void peersComeAndTheNodeIsReady() throws InterruptedException {
        step(0);
        assertThat(status().ready()).isFalse();
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0.1);
        assertThat(kernel).hasToString(BOTH);
        assertThat(status().ready()).isTrue();
        assertThat(status().routesInstalled()).isEqualTo(2);
    }

    @Test
    void aFormerRunsRoutesAreAdoptedAndSweptOnlyAHoldTimeAfterTheFirstFullView() throws InterruptedException {
        kernel.routeByHand(Route.plain(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.165.244")));
        step(0);
        assertThat(kernel).hasToString("10.42.2.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink\n");
        mailbox.gossip(Claims.alive("c 172.16.168.113 10.42.3.0/24"));
        step(600);
        assertThat(kernel).hasToString(BOTH);
        step(59.9);
        assertThat(kernel).hasToString(BOTH);
        step(0.2);
        assertThat(kernel).hasToString(ONLY_C);
    }

    @Test
    void anAlteredRouteOfAFormerRunIsNoExceptionToThat() throws InterruptedException {
        kernel.routeByHand(new Route(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.165.244"), 0, false));
        step(0);
        assertThat(kernel.toString()).startsWith("10.42.2.0/24 via 172.16.165.244");
    }

    @Test
    void beforeTheFirstFullViewNobodyTakesAFormerRunsRoute() throws InterruptedException {
        kernel.routeByHand(Route.plain(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.165.244")));
        Gossip whole = Claims.alive("x 172.16.165.9 10.42.2.0/24 @9\nc 172.16.168.113 10.42.3.0/24");
        mailbox.gossip(new Gossip(whole.alive(), Set.of(), List.of(), false));
        step(0);
        assertThat(kernel).hasToString(BOTH);
        mailbox.gossip(Claims.alive(B_AND_C + "\nx 172.16.165.9 10.42.2.0/24 @9"));
        step(1);
        assertThat(kernel).hasToString(BOTH);
        mailbox.gossip(Claims.alive("x 172.16.165.9 10.42.2.0/24 @9\nc 172.16.168.113 10.42.3.0/24"));
        step(1);
        Advertisement b = Claims.one("b 172.16.165.244 10.42.2.0/24");
        mailbox.answered(b.name(), b.boot(), false);
        step(1);
        assertThat(kernel.toString()).startsWith("10.42.2.0/24 via 172.16.165.9 dev tunl0");
    }

    @Test
    void beforeTheFirstFullViewAPeerThatThisRunHasSeenMayMove() throws InterruptedException {
        for (String gateway : List.of("172.16.165.244", "172.16.165.7")) {
            Gossip whole = Claims.alive("b " + gateway + " 10.42.2.0/24");
            mailbox.gossip(new Gossip(whole.alive(), Set.of(), List.of(), false));
            step(1);
            assertThat(kernel)
                    .hasToString("10.42.2.0/24 via " + gateway + " dev tunl0 proto onlink onlink\n");
        }
    }

    @Test
    void anAnnouncedLeaveTakesTheRouteAtOnce() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        Gossip without = Claims.alive("c 172.16.168.113 10.42.3.0/24");
        long boot = Claims.one("b 172.16.165.244 10.42.2.0/24").boot();
        mailbox.gossip(new Gossip(without.alive(), Set.of(boot), List.of(), true));
        step(0.1);
        assertThat(kernel).hasToString(ONLY_C);
        assertThat(membership.probed).isEmpty();
    }

    @Test
    void aPeerLostToGossipKeepsItsRouteWhileItsHostAnswersAndLosesItWhenSilent() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        Advertisement b = Claims.one("b 172.16.165.244 10.42.2.0/24");
        mailbox.gossip(Claims.alive("c 172.16.168.113 10.42.3.0/24"));
        step(3);
        mailbox.answered(b.name(), b.boot(), true);
        step(0.1);
        assertThat(kernel).hasToString(BOTH);
        assertThat(turns.get(turns.size() - 1).members()).isEqualTo(new Turn.Members(1, 1, 0));
        step(2);
        mailbox.answered(b.name(), b.boot(), false);
        step(1);
        assertThat(kernel).hasToString(ONLY_C);
        assertThat(membership.probed).containsExactly("b", "b");
    }

    @Test
    void driftIsRepairedByEventAndByResync() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        kernel.deleteRoute("10.42.2.0/24");
        mailbox.kernelChanged();
        step(0.001);
        assertThat(kernel).hasToString(BOTH);
        assertThat(turns.get(turns.size() - 1).trigger()).isEqualTo("netlink");
        kernel.flushAddresses("tunl0");
        step(30);
        assertThat(kernel).hasToString(BOTH);
    }

    @Test
    void aKernelThatCannotBeReadChangesNothingAndIsSaid() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        kernel.breakDumps(1);
        mailbox.gossip(Claims.alive(""));
        step(1);
        assertThat(kernel).hasToString(BOTH);
        assertThat(status().ready()).isFalse();
        assertThat(status().trouble()).isEqualTo("the dump of routes was interrupted 5 times");
    }

    @Test
    void theClaimIsRankedAfterTheOthersAndAFormerRunIsSuperseded() throws InterruptedException {
        Advertisement former = Claims.one("a 172.16.165.33 10.42.1.0/24 @3");
        Advertisement old =
                new Advertisement(former.name(), 1234, 8, former.nodeIp(), 5114, former.subnets(), 3, former.version());
        List<Advertisement> alive = new ArrayList<>(Claims.of("b 172.16.165.244 10.42.2.0/24 @6"));
        alive.add(old);
        mailbox.gossip(new Gossip(alive, Set.of(), List.of(), true));
        step(0);
        Advertisement said = membership.advertised.get(0);
        assertThat(said.generation()).isEqualTo(9);
        assertThat(said.seniority()).isEqualTo(7);
        assertThat(status().view().rejections()).isEmpty();
    }

    @Test
    void aNodeWithOurNameOnAnotherHostIsRefusedAndSaid() throws InterruptedException {
        mailbox.gossip(Claims.alive("a 172.16.165.99 10.42.9.0/24"));
        step(0);
        assertThat(kernel).hasToString("");
        assertThat(status().text()).contains("refused a: node IP 172.16.165.99 uses the name of this node");
    }

    @Test
    void rubbishIsCountedAndTheRestGoesOn() throws InterruptedException {
        Gossip c = Claims.alive("c 172.16.168.113 10.42.3.0/24");
        mailbox.gossip(
                new Gossip(c.alive(), Set.of(), List.of(new Gossip.Malformed("x~1", "truncated message")), true));
        step(0);
        assertThat(kernel).hasToString(ONLY_C);
        assertThat(status().text()).contains("refused x~1: truncated message");
    }
}
