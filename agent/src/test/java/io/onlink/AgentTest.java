package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rules;
import io.onlink.peer.Surroundings;
import io.onlink.peer.Verdict;
import io.onlink.route.FakeKernel;
import io.onlink.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop driven by hand: a fake kernel, a fake membership, a clock that the test moves. */
@ParameterizedClass(name = "nexthop objects: {0}")
@ValueSource(booleans = {false, true})
class AgentTest {
    private static final String B_AND_C = "b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24";
    private static final String BOTH = """
            10.42.2.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink
            10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink
            """;
    private static final String ONLY_C = "10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink\n";

    private final DrivenAgent driven;
    private final FakeKernel kernel;
    private final Mailbox mailbox;
    private final List<Turn> turns;

    AgentTest(boolean nexthopObjects) {
        driven = new DrivenAgent(0, nexthopObjects);
        kernel = driven.kernel;
        mailbox = driven.mailbox;
        turns = driven.turns;
    }

    /** The table, nexthop ids left out. */
    private String routes() {
        return kernel.toString().replaceAll(" nhid [0-9]+", "");
    }

    private void step(double seconds) throws InterruptedException {
        driven.step(seconds);
    }

    private Status status() {
        return driven.status();
    }

    @Test
    void peersComeAndTheNodeIsReady() throws InterruptedException {
        step(0);
        assertThat(status().ready()).isFalse();
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0.1);
        assertThat(routes()).isEqualTo(BOTH);
        assertThat(status().ready()).isTrue();
        assertThat(status().routesInstalled()).isEqualTo(2);
    }

    @Test
    void aFormerRunsRoutesAreAdoptedAndSweptOnlyAHoldTimeAfterTheFirstFullView() throws InterruptedException {
        kernel.routeByHand(Route.plain(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.165.244")));
        step(0);
        assertThat(routes()).isEqualTo("10.42.2.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink\n");
        mailbox.gossip(Claims.alive("c 172.16.168.113 10.42.3.0/24"));
        step(600);
        assertThat(routes()).isEqualTo(BOTH);
        step(59.9);
        assertThat(routes()).isEqualTo(BOTH);
        step(0.2);
        assertThat(routes()).isEqualTo(ONLY_C);
    }

    @Test
    void anAlteredRouteOfAFormerRunIsNoExceptionToThat() throws InterruptedException {
        kernel.routeByHand(new Route(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.165.244"), 0, false));
        step(0);
        assertThat(routes()).startsWith("10.42.2.0/24 via 172.16.165.244");
    }

    @Test
    void beforeTheFirstFullViewNobodyTakesAFormerRunsRoute() throws InterruptedException {
        kernel.routeByHand(Route.plain(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.165.244")));
        Gossip whole = Claims.alive("x 172.16.165.9 10.42.2.0/24 @9\nc 172.16.168.113 10.42.3.0/24");
        mailbox.gossip(new Gossip(whole.alive(), Set.of(), List.of(), false));
        step(0);
        assertThat(routes()).isEqualTo(BOTH);
        mailbox.gossip(Claims.alive(B_AND_C + "\nx 172.16.165.9 10.42.2.0/24 @9"));
        step(1);
        assertThat(routes()).isEqualTo(BOTH);
        mailbox.gossip(Claims.alive("x 172.16.165.9 10.42.2.0/24 @9\nc 172.16.168.113 10.42.3.0/24"));
        step(1);
        Advertisement b = Claims.one("b 172.16.165.244 10.42.2.0/24");
        mailbox.answered(b.name(), b.boot(), Verdict.SILENT);
        Advertisement c = Claims.one("c 172.16.168.113 10.42.3.0/24");
        mailbox.answered(c.name(), c.boot(), Verdict.ANSWERED);
        step(1);
        assertThat(routes()).startsWith("10.42.2.0/24 via 172.16.165.9 dev tunl0");
    }

    @Test
    void beforeTheFirstFullViewAPeerThatThisRunHasSeenMayMove() throws InterruptedException {
        for (String gateway : List.of("172.16.165.244", "172.16.165.7")) {
            Gossip whole = Claims.alive("b " + gateway + " 10.42.2.0/24");
            mailbox.gossip(new Gossip(whole.alive(), Set.of(), List.of(), false));
            step(1);
            assertThat(routes()).isEqualTo("10.42.2.0/24 via " + gateway + " dev tunl0 proto onlink onlink\n");
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
        assertThat(routes()).isEqualTo(ONLY_C);
        assertThat(driven.probed).isEmpty();
    }

    @Test
    void aPeerLostToGossipKeepsItsRouteWhileItsHostAnswersAndLosesItWhenSilent() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        Advertisement b = Claims.one("b 172.16.165.244 10.42.2.0/24");
        mailbox.gossip(Claims.alive("c 172.16.168.113 10.42.3.0/24"));
        step(3);
        mailbox.answered(b.name(), b.boot(), Verdict.ANSWERED);
        step(0.1);
        assertThat(routes()).isEqualTo(BOTH);
        assertThat(turns.get(turns.size() - 1).members()).isEqualTo(new Turn.Members(1, 1, 0, 0));
        step(2);
        mailbox.answered(b.name(), b.boot(), Verdict.SILENT);
        step(1);
        assertThat(routes()).isEqualTo(ONLY_C);
        assertThat(driven.probed).containsExactly("b", "b");
    }

    @Test
    void driftIsRepairedByEventAndByResync() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        kernel.deleteRoute("10.42.2.0/24");
        mailbox.kernelChanged();
        step(0.001);
        assertThat(routes()).isEqualTo(BOTH);
        assertThat(turns.get(turns.size() - 1).trigger()).isEqualTo("netlink");
        kernel.flushAddresses("tunl0");
        step(30);
        assertThat(routes()).isEqualTo(BOTH);
    }

    @Test
    void aKernelThatCannotBeReadChangesNothingAndIsSaid() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        kernel.breakDumps(1);
        mailbox.gossip(Claims.alive(""));
        step(1);
        assertThat(routes()).isEqualTo(BOTH);
        assertThat(status().ready()).isFalse();
        assertThat(status().trouble()).isEqualTo("the dump of routes was interrupted 5 times");
    }

    @Test
    void aFormerRunIsSupersededAndItsRankIsKept() throws InterruptedException {
        Advertisement former = Claims.one("a 172.16.165.33 10.42.1.0/24 @3");
        Advertisement old =
                new Advertisement(former.name(), 1234, 8, former.nodeIp(), 5114, former.subnets(), 3, former.version());
        List<Advertisement> alive = new ArrayList<>(Claims.of("b 172.16.165.244 10.42.2.0/24 @6"));
        alive.add(old);
        mailbox.gossip(new Gossip(alive, Set.of(), List.of(), true));
        step(0);
        Advertisement said = driven.advertised.get(0);
        assertThat(said.generation()).isEqualTo(9);
        assertThat(said.seniority())
                .as("a restart keeps the place of the claim")
                .isEqualTo(3);
        assertThat(driven.kept).containsExactly(said);
        assertThat(status().view().rejections()).isEmpty();
    }

    @Test
    void aFirstClaimIsRankedAfterAllOthers() throws InterruptedException {
        mailbox.gossip(Claims.alive("b 172.16.165.244 10.42.2.0/24 @6"));
        step(0);
        assertThat(driven.advertised.get(0).seniority()).isEqualTo(7);
    }

    @Test
    void whatARivalUndoesIsRepairedAtASlowerAndSlowerPaceAndCountedAsDrift() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        assertThat(turns.get(turns.size() - 1).repairs()).isEmpty();
        kernel.deleteRoute("10.42.2.0/24");
        mailbox.kernelChanged();
        step(0.1);
        assertThat(routes()).isEqualTo(BOTH);
        assertThat(turns.get(turns.size() - 1).repairs()).isNotEmpty();
    }

    @Test
    void nodesThatBelieveTheSameShowTheSameHash() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        Advertisement b = Claims.one("b 172.16.165.244 10.42.2.0/24");
        Surroundings atB = new Surroundings(
                b, new Rules(List.of(Ipv4Prefix.parse("10.42.0.0/16")), 8, Optional.empty()), Set.of(), Set.of());
        PeerView there = PeerView.of(atB, Claims.of("a 172.16.165.33 10.42.1.0/24\nc 172.16.168.113 10.42.3.0/24"));
        assertThat(status().viewHash()).isEqualTo(ViewHash.of(b, there));
    }

    @Test
    void aNodeWithOurNameOnAnotherHostIsRefusedAndSaid() throws InterruptedException {
        mailbox.gossip(Claims.alive("a 172.16.165.99 10.42.9.0/24"));
        step(0);
        assertThat(routes()).isEqualTo("");
        assertThat(status().text()).contains("refused a: node IP 172.16.165.99 uses the name of this node");
    }

    @Test
    void aHostCutOffFromItsPeersKeepsTheirRoutesAndSaysSoUntilOneAnswers() throws InterruptedException {
        String three = B_AND_C + "\nd 172.16.168.114 10.42.4.0/24";
        mailbox.gossip(Claims.alive(three));
        step(0);
        String routes = routes();
        assertThat(routes.lines()).hasSize(3);
        mailbox.gossip(Claims.alive(B_AND_C));
        step(3);
        assertThat(driven.probed).containsExactlyInAnyOrder("b", "c", "d");
        Claims.of(three).forEach(peer -> mailbox.answered(peer.name(), peer.boot(), Verdict.SILENT));
        step(1.5);
        mailbox.gossip(Claims.alive(""));
        step(5);
        Claims.of(three).forEach(peer -> mailbox.answered(peer.name(), peer.boot(), Verdict.SILENT));
        step(7200);
        assertThat(routes()).isEqualTo(routes);
        assertThat(status().text()).contains("guard   the routes of 3 lost peers stay: most hosts are silent");
        assertThat(turns.get(turns.size() - 1).members()).isEqualTo(new Turn.Members(0, 3, 3, 0));

        Claims.of(three)
                .forEach(peer -> mailbox.answered(
                        peer.name(), peer.boot(), peer.name().text().equals("b") ? Verdict.ANSWERED : Verdict.SILENT));
        step(0.1);
        assertThat(routes()).isEqualTo(routes);
        assertThat(status().text()).doesNotContain("guard");
        Claims.of(three)
                .forEach(peer -> mailbox.answered(
                        peer.name(), peer.boot(), peer.name().text().equals("b") ? Verdict.ANSWERED : Verdict.SILENT));
        step(1.5);
        assertThat(routes()).isEqualTo("10.42.2.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink\n");
    }

    @Test
    void rubbishIsCountedAndTheRestGoesOn() throws InterruptedException {
        Gossip c = Claims.alive("c 172.16.168.113 10.42.3.0/24");
        mailbox.gossip(
                new Gossip(c.alive(), Set.of(), List.of(new Gossip.Malformed("x~1", "truncated message")), true));
        step(0);
        assertThat(routes()).isEqualTo(ONLY_C);
        assertThat(status().text()).contains("refused x~1: truncated message");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -20_000_000_000L, Long.MIN_VALUE, Long.MAX_VALUE - 1000})
    void theLoopSleepsUntilTheResyncWhereverTheClockIs(long start) throws InterruptedException {
        DrivenAgent there = new DrivenAgent(start);
        there.mailbox.gossip(Claims.alive(B_AND_C));
        there.step(0);
        assertThat(there.idleSeconds()).isBetween(22.0, 30.0);
        there.step(60.5);
        assertThat(there.idleSeconds()).isBetween(22.0, 30.0);
    }

    @Test
    void theLoopWakesForTheNextProbeTheEndOfAHoldAndTheSweep() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        mailbox.gossip(Claims.alive("c 172.16.168.113 10.42.3.0/24"));
        step(1);
        assertThat(driven.idleSeconds()).isEqualTo(8.0);
        Advertisement b = Claims.one("b 172.16.165.244 10.42.2.0/24");
        mailbox.answered(b.name(), b.boot(), Verdict.ANSWERED);
        step(0);
        assertThat(driven.idleSeconds()).isEqualTo(2.0);
        step(57.5);
        mailbox.answered(b.name(), b.boot(), Verdict.ANSWERED);
        step(0);
        assertThat(driven.idleSeconds()).isEqualTo(1.5);
        step(1.5);
        assertThat(driven.idleSeconds()).isEqualTo(0.5);
        step(1);
        assertThat(routes()).isEqualTo(ONLY_C);
        assertThat(driven.idleSeconds()).isGreaterThan(20.0);
    }

    @Test
    void theLoopEndsWhenToldToAndSaysWhetherItWasToLeave() throws InterruptedException {
        mailbox.stop();
        assertThat(driven.agent.run()).isFalse();
        assertThat(turns).extracting(Turn::trigger).containsExactly("startup");
        DrivenAgent leaving = new DrivenAgent(0);
        leaving.mailbox.leave();
        assertThat(leaving.agent.run()).isTrue();
    }

    @Test
    void lostNotificationsCauseAPassAndAreTold() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        kernel.linkDown("tunl0");
        mailbox.overrun();
        step(0.1);
        assertThat(routes()).isEqualTo(BOTH);
        assertThat(turns.get(turns.size() - 1).overrun()).isTrue();
        step(1);
        assertThat(turns.get(turns.size() - 1).overrun()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 1L << 61})
    void anyCredibleGenerationOfAFormerRunIsPassed(long generation) throws InterruptedException {
        Advertisement a = Claims.one("a 172.16.165.33 10.42.1.0/24 @3");
        Advertisement former =
                new Advertisement(a.name(), 1234, generation, a.nodeIp(), 5114, a.subnets(), 3, a.version());
        mailbox.gossip(new Gossip(List.of(former), Set.of(), List.of(), true));
        step(0);
        assertThat(driven.advertised.get(0).supersedes(former)).isTrue();
        step(1);
        assertThat(driven.advertised).hasSize(1);
    }

    @Test
    void theRankIsTakenOnceAndKept() throws InterruptedException {
        mailbox.gossip(Claims.alive("b 172.16.165.244 10.42.2.0/24 @6"));
        step(0);
        mailbox.gossip(Claims.alive("b 172.16.165.244 10.42.2.0/24 @6\nc 172.16.168.113 10.42.3.0/24 @9"));
        step(1);
        assertThat(driven.advertised).extracting(Advertisement::seniority).containsExactly(7L);
    }

    @Test
    void anIncompleteViewRanksNothingAndDeletesNothingOfAFormerRun() throws InterruptedException {
        kernel.routeByHand(Route.plain(Ipv4Prefix.parse("10.42.9.0/24"), Ipv4.parse("172.16.165.9")));
        Gossip some = Claims.alive(B_AND_C);
        mailbox.gossip(new Gossip(some.alive(), Set.of(), List.of(), false));
        step(1);
        step(3600);
        assertThat(driven.advertised).isEmpty();
        assertThat(routes()).contains("10.42.9.0/24").contains("10.42.2.0/24").contains("10.42.3.0/24");
        assertThat(status().ready()).isFalse();
    }

    @Test
    void aNetworkOfThisHostIsNotGivenAwayWhenItComesLater() throws InterruptedException {
        mailbox.gossip(Claims.alive(B_AND_C));
        step(0);
        kernel.hand("ip address add 10.42.2.9/30 dev eth0");
        mailbox.kernelChanged();
        step(1);
        assertThat(routes()).isEqualTo(ONLY_C);
        assertThat(status().text()).contains("refused b: 10.42.2.0/24 overlaps the connected 10.42.2.8/30");
    }
}
