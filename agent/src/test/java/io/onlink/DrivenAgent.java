package io.onlink;

import io.onlink.grant.Authority;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.Membership;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import io.onlink.peer.Rules;
import io.onlink.route.FakeKernel;
import io.onlink.route.Reconciler;
import io.onlink.route.TunnelSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The agent of host A, driven by hand: a fake kernel, a fake membership, a clock that the test moves. */
final class DrivenAgent {
    final FakeKernel kernel;
    final Mailbox mailbox = new Mailbox();
    final List<Turn> turns = new ArrayList<>();
    final List<Advertisement> kept = new ArrayList<>();
    final List<Advertisement> advertised = new ArrayList<>();
    final List<String> probed = new ArrayList<>();
    final Agent agent;

    /** Where the seeds given by name are. */
    Set<Ipv4> seeds = Set.of();

    /** The views that were kept for the next start. */
    final List<List<Advertisement>> views = new ArrayList<>();

    private long now;

    /** With a hold of 60 s, a resync of 30 s, and the clock at so many nanoseconds. */
    DrivenAgent(long start) {
        this(start, false);
    }

    /** The same on a kernel with or without nexthop objects. */
    DrivenAgent(long start, boolean nexthopObjects) {
        this(start, nexthopObjects, Claims.one("a 172.16.165.33 10.42.1.0/24 @0"), Optional.empty());
    }

    /** The same as a node of that claim, in a mesh with or without an authority. */
    DrivenAgent(long start, boolean nexthopObjects, Advertisement self, Optional<Authority> authority) {
        this(new FakeKernel("172.16.165.33/24", nexthopObjects), start, self, authority, List.of());
    }

    /** With plain routes, after a run whose last view was of these; on a host that was started anew, or was not. */
    DrivenAgent(FakeKernel kernel, List<Advertisement> remembered) {
        this(kernel, 0, Claims.one("a 172.16.165.33 10.42.1.0/24 @0"), Optional.empty(), remembered);
    }

    private DrivenAgent(
            FakeKernel kernel,
            long start,
            Advertisement self,
            Optional<Authority> authority,
            List<Advertisement> remembered) {
        this.kernel = kernel;
        now = start;
        TunnelSettings links =
                new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, "", true);
        AgentSettings settings = new AgentSettings(
                self,
                links,
                new Rules(List.of(Ipv4Prefix.parse("10.42.0.0/16")), 8, authority),
                Set.of(),
                Duration.ofSeconds(60),
                50,
                Duration.ofSeconds(30));
        Reconciler reconciler = new Reconciler(kernel, links, true);
        agent = new Agent(
                settings,
                new Agent.World(
                        reconciler,
                        new FakeMembership(),
                        mailbox,
                        () -> now,
                        turns::add,
                        kept::add,
                        new Agent.Memory(remembered, Duration.ofHours(24), views::add),
                        PathTargets.TUNNEL_MTU));
    }

    /** Moves the clock, then takes what mail there is. */
    void step(double seconds) throws InterruptedException {
        now += Duration.ofMillis((long) (seconds * 1000)).toNanos();
        agent.step(mailbox.take(0));
    }

    double idleSeconds() {
        return agent.idle(now) / 1e9;
    }

    Status status() {
        return turns.get(turns.size() - 1).status();
    }

    private final class FakeMembership implements Membership {
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
        public Set<Ipv4> seeds() {
            return seeds;
        }

        @Override
        public void leave() {}

        @Override
        public void close() {}
    }
}
