package io.onlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Claims;
import io.onlink.peer.PeerView;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcilerTest {
    private static final String B_AND_C = "b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24";
    private static final String PLAIN = """
            10.42.2.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink
            10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink
            """;
    private static final TunnelSettings AT_A = new TunnelSettings(
            "tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, "mybr0", true);

    private static FakeKernel kernel(boolean nexthops) {
        return new FakeKernel("172.16.165.33/24", nexthops);
    }

    private static Outcome pass(FakeKernel kernel, String claims) throws KernelException {
        PeerView view = PeerView.of(Claims.atA(), Claims.of(claims));
        return new Reconciler(kernel, AT_A, true).reconcile(dump -> view, dst -> true);
    }

    @Test
    void aFreshHostGetsItsLinksAndRoutesAndTheSecondPassWritesNothing() throws KernelException {
        FakeKernel kernel = kernel(false);
        pass(kernel, B_AND_C);
        assertThat(kernel.written())
                .containsExactly(
                        "sysctl -w net.ipv4.ip_forward=1",
                        "ip link add mybr0 type bridge",
                        "ip address add 10.42.1.1/24 dev mybr0",
                        "ip link set mybr0 up",
                        "ip link add tunl0 type ipip",
                        "ip link set tunl0 mtu 1480",
                        "ip address add 10.42.1.0/32 dev tunl0",
                        "ip link set tunl0 up",
                        "ip route add 10.42.2.0/24 via 172.16.165.244",
                        "ip route add 10.42.3.0/24 via 172.16.168.113");
        assertThat(kernel).hasToString(PLAIN);
        assertThat(pass(kernel, B_AND_C).settled()).isTrue();
        assertThat(kernel.written()).isEmpty();
    }

    @Test
    void aPassThatBreaksOffAtTheGuardHasSeenWhetherTheTunnelIsUp() throws KernelException {
        FakeKernel kernel = kernel(false);
        boolean[] refuses = {false};
        Gate gate = new Gate() {
            @Override
            public void stand(Collection<Route> routes) throws KernelException {
                if (refuses[0]) {
                    throw new KernelException("the guard is refused", "EINVAL");
                }
            }

            @Override
            public void widen(PeerView view, Collection<Route> routes) {}

            @Override
            public void narrow(PeerView view, Collection<Route> leftover) {}

            @Override
            public boolean repaired() {
                return false;
            }
        };
        Reconciler reconciler = new Reconciler(kernel, AT_A, true, gate);
        reconciler.reconcile(dump -> PeerView.EMPTY, dst -> true);
        refuses[0] = true;
        assertThatThrownBy(() -> reconciler.reconcile(dump -> PeerView.EMPTY, dst -> true))
                .hasMessageContaining("the guard is refused");
        assertThat(reconciler.tunnelUp()).isTrue();
        kernel.linkGone("tunl0");
        assertThatThrownBy(() -> reconciler.reconcile(dump -> PeerView.EMPTY, dst -> true))
                .hasMessageContaining("the guard is refused");
        assertThat(reconciler.tunnelUp()).isFalse();
    }

    @Test
    void withNexthopObjectsARouteRefersToItsPeersObject() throws KernelException {
        FakeKernel kernel = kernel(true);
        kernel.foreignNexthop(114000001);
        pass(kernel, B_AND_C);
        assertThat(kernel).hasToString("""
                        10.42.2.0/24 nhid 114000002 via 172.16.165.244 dev tunl0 proto onlink onlink
                        10.42.3.0/24 nhid 114000003 via 172.16.168.113 dev tunl0 proto onlink onlink
                        """);
        pass(kernel, B_AND_C);
        kernel.written();
        pass(kernel, "b 172.16.165.7 10.42.2.0/24 10.42.22.0/24\nc 172.16.168.113 10.42.3.0/24");
        assertThat(kernel.written())
                .containsExactly(
                        "ip nexthop replace id 114000002 via 172.16.165.7",
                        "ip route add 10.42.22.0/24 nhid 114000002 via 172.16.165.7");
        pass(kernel, "");
        assertThat(kernel.written())
                .endsWith(
                        "ip nexthop del id 114000002 via 172.16.165.7",
                        "ip nexthop del id 114000003 via 172.16.168.113");
        assertThat(kernel).hasToString("");
    }

    @Test
    void aChangeOfNodeIpReplacesAndALeaveDeletes() throws KernelException {
        FakeKernel kernel = kernel(false);
        pass(kernel, B_AND_C);
        kernel.written();
        pass(kernel, "b 172.16.165.7 10.42.2.0/24");
        assertThat(kernel.written())
                .containsExactly(
                        "ip route replace 10.42.2.0/24 via 172.16.165.7",
                        "ip route del 10.42.3.0/24 via 172.16.168.113");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyDriftIsRepaired(boolean nexthops) throws KernelException {
        FakeKernel kernel = kernel(nexthops);
        pass(kernel, B_AND_C);
        String whole = kernel.toString();
        String link = kernel.link("tunl0");
        List<Runnable> faults = List.of(
                () -> kernel.deleteRoute("10.42.2.0/24"),
                () -> kernel.routeByHand(Route.plain(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.165.9"))),
                () -> kernel.routeByHand(Route.plain(Ipv4Prefix.parse("10.42.9.0/24"), Ipv4.parse("172.16.165.9"))),
                () -> kernel.routeByHand(
                        new Route(Ipv4Prefix.parse("10.42.3.0/24"), Ipv4.parse("172.16.168.113"), 0, false)),
                () -> kernel.linkDown("tunl0"),
                () -> kernel.flushAddresses("tunl0"),
                () -> kernel.linkGone("tunl0"),
                () -> kernel.mtu("tunl0", 1400));
        for (int i = 0; i < faults.size(); i++) {
            faults.get(i).run();
            pass(kernel, B_AND_C);
            assertThat(kernel).as("fault %d", i).hasToString(whole);
            assertThat(kernel.link("tunl0")).as("fault %d", i).isEqualTo(link);
        }
    }

    @Test
    void aForeignRouteIsLeftAloneAndTheOthersAreInstalled() throws KernelException {
        FakeKernel kernel = kernel(false);
        kernel.foreignRoute("10.42.2.0/24", "via 172.16.165.1 dev eth0 proto static");
        Outcome outcome = pass(kernel, B_AND_C);
        assertThat(kernel).hasToString("""
                        10.42.2.0/24 via 172.16.165.1 dev eth0 proto static
                        10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink
                        """);
        assertThat(outcome.failures()).extracting(Failure::foreign).containsExactly(true);
        assertThat(outcome.installed()).isEqualTo(1);
        kernel.foreignRouteGone("10.42.2.0/24");
        pass(kernel, B_AND_C);
        assertThat(kernel).hasToString(PLAIN);
    }

    @Test
    void aForeignRoutePrependedToOursOutlivesAChangeOfNodeIp() throws KernelException {
        FakeKernel kernel = kernel(false);
        pass(kernel, B_AND_C);
        kernel.hand("ip route prepend 10.42.2.0/24 via 172.16.165.1 dev eth0 proto static");
        pass(kernel, "b 172.16.165.7 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24");
        assertThat(kernel).hasToString("""
                        10.42.2.0/24 via 172.16.165.1 dev eth0 proto static
                        10.42.2.0/24 via 172.16.165.7 dev tunl0 proto onlink onlink
                        10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink
                        """);
    }

    @Test
    void anObjectThatAForeignRouteRunsThroughStaysUntilThatIsGone() throws KernelException {
        FakeKernel kernel = kernel(true);
        pass(kernel, B_AND_C);
        kernel.hand("ip route add 192.0.2.0/24 nhid 114000001 proto static");
        Outcome outcome = pass(kernel, "");
        assertThat(kernel)
                .hasToString("192.0.2.0/24 nhid 114000001 via 172.16.165.244 dev tunl0 proto static onlink\n");
        assertThat(outcome.failures())
                .extracting(failure -> failure.change() + " " + failure.errno())
                .containsExactly("ip nexthop del id 114000001 via 172.16.165.244 EBUSY");
        kernel.hand("ip route del 192.0.2.0/24");
        assertThat(pass(kernel, "").settled()).isTrue();
        assertThat(kernel.nexthops()).isEmpty();
    }

    @Test
    void anObjectIsNotPointedAtAnotherPeerWhileItCarriesMoreThanThatPeersSubnets() throws KernelException {
        FakeKernel kernel = kernel(true);
        pass(kernel, "b 172.16.165.244 10.42.2.0/24 10.42.22.0/24");
        PeerView partial = PeerView.of(Claims.atA(), Claims.of("x 172.16.165.9 10.42.2.0/24"));
        new Reconciler(kernel, AT_A, true).reconcile(dump -> partial, dst -> false);
        assertThat(kernel).hasToString("""
                        10.42.2.0/24 nhid 114000002 via 172.16.165.9 dev tunl0 proto onlink onlink
                        10.42.22.0/24 nhid 114000001 via 172.16.165.244 dev tunl0 proto onlink onlink
                        """);
    }

    @Test
    void oneRefusedRouteDoesNotStopTheOthers() throws KernelException {
        FakeKernel kernel = kernel(false);
        kernel.refuse("10.42.2.0/24");
        Outcome outcome = pass(kernel, B_AND_C);
        assertThat(kernel).hasToString("10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink\n");
        assertThat(outcome.settled()).isFalse();
    }

    @Test
    void aShortDumpIsNeverActedOn() throws KernelException {
        FakeKernel kernel = kernel(false);
        pass(kernel, B_AND_C);
        kernel.written();
        kernel.breakDumps(1);
        assertThatThrownBy(() -> pass(kernel, "")).isInstanceOf(KernelException.class);
        assertThat(kernel.written()).isEmpty();
        assertThat(kernel).hasToString(PLAIN);
    }

    @Test
    void theTunnelFollowsTheUnderlaysMtu() throws KernelException {
        FakeKernel kernel = kernel(false);
        pass(kernel, B_AND_C);
        kernel.mtu("eth0", 9000);
        pass(kernel, B_AND_C);
        assertThat(kernel.link("tunl0")).isEqualTo("tunl0 UP mtu 8980 [10.42.1.0/32]");
    }

    @Test
    void aRestartWithAnotherSubnetTakesTheFormerAddressAwayAndNoOther() throws KernelException {
        FakeKernel kernel = kernel(false);
        pass(kernel, B_AND_C);
        kernel.hand("ip address add 192.0.2.9/32 dev tunl0");
        TunnelSettings moved =
                new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.9.0/24"), AT_A.nodeIp(), 0, "mybr0", true);
        new Reconciler(kernel, moved, true).reconcile(dump -> PeerView.EMPTY, dst -> false);
        assertThat(kernel.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 [192.0.2.9/32, 10.42.9.0/32]");
        assertThat(kernel.link("mybr0")).isEqualTo("mybr0 UP mtu 1480 [10.42.9.1/24]");
        assertThat(kernel).hasToString(PLAIN);
    }

    @Test
    void aRefusedMtuIsSaidAndKeepsNoRouteOut() throws KernelException {
        FakeKernel kernel = kernel(false);
        TunnelSettings wide = new TunnelSettings("tunl0", AT_A.subnet(), AT_A.nodeIp(), 65_535, "mybr0", true);
        PeerView view = PeerView.of(Claims.atA(), Claims.of(B_AND_C));
        Outcome outcome = new Reconciler(kernel, wide, true).reconcile(dump -> view, dst -> true);
        assertThat(outcome.failures())
                .extracting(Failure::toString)
                .containsExactly("ip link set tunl0 mtu 65535: EINVAL, refused");
        assertThat(outcome.settled()).isFalse();
        assertThat(kernel).hasToString(PLAIN);
    }

    @Test
    void aWithdrawalTakesAllThatIsOurs() throws KernelException {
        FakeKernel kernel = kernel(true);
        pass(kernel, B_AND_C);
        kernel.foreignRoute("10.99.0.0/24", "dev eth0 proto static");
        assertThat(new Reconciler(kernel, AT_A, true).withdraw()).isEmpty();
        assertThat(kernel).hasToString("10.99.0.0/24 dev eth0 proto static scope link\n");
        assertThat(kernel.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 []");
    }

    @Test
    void anAddressOfAFormerSubnetGoesAndThoseOfOthersStay() throws KernelException {
        FakeKernel kernel = kernel(false);
        TunnelSettings before =
                new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.9.0/24"), AT_A.nodeIp(), 0, "mybr0", true);
        new Reconciler(kernel, before, true).reconcile(dump -> PeerView.EMPTY, dst -> false);
        kernel.apply(List.of(new Change.AddAddress("tunl0", FakeKernel.address("10.42.77.0/32"))));
        pass(kernel, B_AND_C);
        assertThat(kernel.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 [10.42.77.0/32, 10.42.1.0/32]");
        assertThat(kernel.link("mybr0")).isEqualTo("mybr0 UP mtu 1480 [10.42.1.1/24]");
        assertThat(kernel).hasToString(PLAIN);
    }

    @Test
    void whatRemainsIsOurRoutesObjectsAndTheTunnelsAddress() throws KernelException {
        FakeKernel kernel = kernel(true);
        pass(kernel, "b 172.16.165.244 10.42.2.0/24");
        kernel.apply(List.of(new Change.AddAddress("tunl0", FakeKernel.address("10.42.77.0/32"))));
        assertThat(Reconciler.remains(kernel.dump(), "tunl0").stream().map(Change::toString))
                .containsExactly(
                        "ip route del 10.42.2.0/24 nhid 114000001 via 172.16.165.244",
                        "ip nexthop del id 114000001 via 172.16.165.244",
                        "ip address del 10.42.1.0/32 dev tunl0");
        assertThat(Reconciler.remains(kernel.dump(), "none0")).hasSize(2);
    }

    @Test
    void leavingKeepsTheAddressThatARouteOfSomebodyElseGoesBy() throws KernelException {
        FakeKernel kernel = kernel(true);
        pass(kernel, B_AND_C);
        kernel.hand("ip route add 10.99.0.0/24 via 172.16.165.250 dev tunl0 proto static onlink");
        assertThat(new Reconciler(kernel, AT_A, true).withdraw())
                .extracting(Failure::toString)
                .containsExactly("ip address del 10.42.1.0/32 dev tunl0: EBUSY, refused");
        assertThat(kernel).hasToString("10.99.0.0/24 via 172.16.165.250 dev tunl0 proto static onlink\n");
        assertThat(kernel.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 [10.42.1.0/32]");
        kernel.hand("ip route del 10.99.0.0/24");
        assertThat(new Reconciler(kernel, AT_A, true).withdraw()).isEmpty();
        assertThat(kernel.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 []");
    }

    @Test
    void leavingKeepsAnAddressThatSomebodyElseMade() throws KernelException {
        FakeKernel kernel = kernel(false);
        kernel.apply(List.of(
                new Change.CreateLink("tunl0", "ipip", Ipv4.ANY),
                new Change.AddAddress("tunl0", FakeKernel.address("10.42.1.0/32"))));
        pass(kernel, B_AND_C);
        assertThat(new Reconciler(kernel, AT_A, true).withdraw()).isEmpty();
        assertThat(kernel).hasToString("");
        assertThat(kernel.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 [10.42.1.0/32]");
    }

    @Test
    void leavingTakesTheAddressWhereTheKernelDoesNotTellWhoMadeIt() throws KernelException {
        FakeKernel kernel = kernel(false);
        Link.Address untold = new Link.Address(Ipv4.parse("10.42.1.0"), 32, Link.Maker.UNKNOWN);
        kernel.apply(List.of(new Change.CreateLink("tunl0", "ipip", Ipv4.ANY), new Change.AddAddress("tunl0", untold)));
        assertThat(Reconciler.remains(kernel.dump(), "tunl0")).isEmpty();
        assertThat(new Reconciler(kernel, AT_A, true).withdraw()).isEmpty();
        assertThat(kernel.link("tunl0")).isEqualTo("tunl0 DOWN mtu 1480 []");
    }
}
