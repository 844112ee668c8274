package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.host.Before;
import io.onlink.host.Links;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.PeerView;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.FakeKernel;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.Reconciler;
import io.onlink.route.Table;
import io.onlink.route.TunnelSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostTest {
    private static Link link(String name, String kind, boolean up) {
        return new Link(name, kind, 1480, up, List.of());
    }

    @Test
    void otherTunnelsAreThoseThatTakeIpipNow() {
        List<Link> links = List.of(
                link("eth0", "", true),
                link("tunl0", "ipip", true),
                link("office", "ipip", true),
                link("asleep", "ipip", false),
                link("gre1", "gre", true));
        Dump dump = new Dump(links, Table.EMPTY, Set.of(), false, true);
        assertThat(Host.otherTunnels(dump, "tunl0")).containsExactly("office");
    }

    private static final Ipv4 NOW = Ipv4.parse("172.31.7.9");
    private static final Link STALE =
            new Link("onl0", "ipip", 1480, true, List.of(), Ipv4.parse("172.31.7.1"), Ipv4.ANY);

    @TempDir
    private Path directory;

    /** What is found out about a stale tunnel, on a host whose kernel has given it the index 7. */
    private FormerTunnel former(Link link, boolean made, String route) throws KernelException {
        Before before = Before.in(directory);
        if (made) {
            before.noteAnew("made onl0", "7");
        }
        Links links = new Links() {
            @Override
            public OptionalInt index(String name) {
                return OptionalInt.of(7);
            }

            @Override
            public boolean hasPorts(String bridge) {
                return false;
            }

            @Override
            public Optional<String> foreignRoute(String name) {
                return route.isEmpty() ? Optional.empty() : Optional.of(route);
            }
        };
        return FormerTunnel.of(link, links, before);
    }

    private static Link stale(String address, Link.Maker maker) {
        Link.Address there = new Link.Address(Ipv4.parse(address), 32, maker);
        return new Link("onl0", "ipip", 1480, true, List.of(there), STALE.local(), Ipv4.ANY);
    }

    private void refused(Link stale, String route, String message) throws KernelException {
        FakeKernel kernel = new FakeKernel("172.31.7.9/24", true, "onl0");
        FormerTunnel former = former(stale, true, route);
        assertThatThrownBy(() -> Host.takeAway(kernel, NOW, former))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(69))
                .hasMessage("tunnel: onl0 is an ipip link of 172.31.7.1, and the node IP is 172.31.7.9; " + message);
        assertThat(kernel.written()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Link.Maker.class,
            names = {"OTHER", "UNKNOWN"})
    void aTunnelOfOursWithAnAddressOfSomebodyElseIsNotDeleted(Link.Maker maker) throws KernelException {
        refused(
                stale("10.42.77.0", maker),
                "",
                "it has the address 10.42.77.0/32, which is not the agent's and would go with it; keep both by"
                        + " `ip link set onl0 type ipip local 172.31.7.9`, or take that address away");
    }

    @Test
    void aTunnelOfOursThatARouteOfSomebodyElseGoesByIsNotDeleted() throws KernelException {
        refused(
                stale("10.42.1.0", Link.Maker.US),
                "10.99.0.0/24 (protocol 4, table 254)",
                "it carries the route 10.99.0.0/24 (protocol 4, table 254), which is not the agent's and would go with"
                        + " it; keep both by `ip link set onl0 type ipip local 172.31.7.9`, or take that route away");
    }

    @Test
    void addressesThatTheKernelOrTheNotesSayAreOursGoWithTheTunnel() throws Exception {
        Before.in(directory).note("address onl0 10.42.1.0/32", "ours");
        for (Link.Maker maker : List.of(Link.Maker.US, Link.Maker.UNKNOWN)) {
            FakeKernel kernel = new FakeKernel("172.31.7.9/24", true, "onl0");
            Host.takeAway(kernel, NOW, former(stale("10.42.1.0", maker), true, ""));
            assertThat(kernel.written()).containsExactly("ip link del onl0");
        }
    }

    @Test
    void aTunnelOfOursThatHasAFormerNodeIpIsMadeAnew() throws Exception {
        FakeKernel kernel = new FakeKernel("172.31.7.9/24", true, "onl0");
        kernel.apply(List.of(new Change.CreateLink("onl0", "ipip", STALE.local()), new Change.SetUp("onl0")));
        kernel.written();
        Host.takeAway(kernel, NOW, former(STALE, true, ""));
        TunnelSettings links = new TunnelSettings("onl0", Ipv4Prefix.parse("10.42.1.0/24"), NOW, 0, "", false);
        assertThat(new Reconciler(kernel, links, true)
                        .reconcile(dump -> PeerView.EMPTY, dst -> false)
                        .tunnelUp())
                .isTrue();
        assertThat(kernel.written())
                .containsExactly(
                        "ip link del onl0",
                        "ip link add onl0 type ipip local 172.31.7.9",
                        "ip link set onl0 mtu 1480",
                        "ip address add 10.42.1.0/32 dev onl0",
                        "ip link set onl0 up");
    }

    @Test
    void aTunnelOfSomebodyElseThatHasAnotherNodeIpIsRefusedSoThatTheAgentIsTriedAgain() throws KernelException {
        FakeKernel kernel = new FakeKernel("172.31.7.9/24", true, "onl0");
        assertThatThrownBy(() -> Host.takeAway(kernel, NOW, former(STALE, false, "")))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(69))
                .hasMessage("tunnel: onl0 is an ipip link of 172.31.7.1, and the node IP is 172.31.7.9; delete it with"
                        + " `ip link del onl0`, and the agent makes its own");
        assertThat(kernel.written()).isEmpty();
    }
}
