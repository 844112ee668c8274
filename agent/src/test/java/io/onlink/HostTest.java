package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

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

    @Test
    void aTunnelOfOursThatHasAFormerNodeIpIsMadeAnew() throws Exception {
        FakeKernel kernel = new FakeKernel("172.31.7.9/24", true, "onl0");
        kernel.apply(List.of(new Change.CreateLink("onl0", "ipip", STALE.local()), new Change.SetUp("onl0")));
        kernel.written();
        Host.takeAway(kernel, STALE, NOW, true);
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
        assertThatThrownBy(() -> Host.takeAway(kernel, STALE, NOW, false))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(69))
                .hasMessage("tunnel: onl0 is an ipip link of 172.31.7.1, and the node IP is 172.31.7.9; delete it with"
                        + " `ip link del onl0`, and the agent makes its own");
        assertThat(kernel.written()).isEmpty();
    }
}
