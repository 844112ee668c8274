package io.onlink.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.netlink.HookChain;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostCheckTest {
    private static final Map<String, Integer> ON = Map.of("tunl0", 1, "mybr0", 1);
    private static final Map<Ipv4, String> DETOUR = Map.of(Ipv4.parse("172.16.168.113"), "eth1");

    private static List<String> texts(Map<String, Integer> forwarding, int filter, HookChain... chains) {
        return texts(new Facts("tunl0", "eth0", forwarding, filter, DETOUR, Map.of(), List.of(chains), false, 0));
    }

    private static List<String> texts(Facts facts) {
        return HostCheck.obstacles(facts).stream()
                .map(obstacle -> obstacle.kind().label() + ": " + obstacle.text())
                .toList();
    }

    @Test
    void nothingIsSaidOfAHostThatLetsAllThrough() {
        assertThat(texts(ON, 0)).isEmpty();
    }

    @Test
    void aLinkThatPassesNothingOnIsNamed() {
        assertThat(texts(Map.of("tunl0", 0, "mybr0", 1), 0))
                .containsExactly(
                        "forwarding: net.ipv4.conf.tunl0.forwarding is 0: what comes in by tunl0 is not passed on;"
                                + " set it to 1, or ip-forward to true");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 1, 1", "1, 0, 1", "1, 2, 2", "2, 1, 2", "2, 0, 2"})
    void theGreaterOfAllAndTheLinksOwnCountsSoThatLooseBeatsStrict(int all, int own, int effective) {
        assertThat(HostCheck.effective(all, own)).isEqualTo(effective);
    }

    @Test
    void strictFilteringIsNamedOnlyWhereAPeersWayBackIsAnother() {
        assertThat(texts(ON, 2)).isEmpty();
        assertThat(texts(ON, 1))
                .containsExactly("rp_filter: rp_filter is strict on eth0 (1, the greater of net.ipv4.conf.all and"
                        + " net.ipv4.conf.eth0), and the route to the peer's node IP 172.16.168.113 leaves by eth1: what it"
                        + " sends to eth0 is dropped; set net.ipv4.conf.eth0.rp_filter to 2");
        assertThat(HostCheck.obstacles(new Facts("tunl0", "eth0", ON, 1, Map.of(), Map.of(), List.of(), false, 94)))
                .isEmpty();
    }

    @Test
    void aFirewallThatDropsByDefaultIsNamedWithWhatItMustAccept() {
        assertThat(texts(ON, 0, new HookChain("ip", "filter", "FORWARD", true, false)))
                .containsExactly(
                        "firewall_forward: the firewall chain ip filter FORWARD drops what it forwards by no rule"
                                + " of its own: it must accept what goes in or out by tunl0 (such as: nft insert rule ip filter"
                                + " FORWARD iifname tunl0 accept; and oifname likewise)");
        assertThat(texts(ON, 0, new HookChain("inet", "fw", "in", false, false)))
                .containsExactly(
                        "firewall_input: the firewall chain inet fw in drops what comes to this host by no rule of"
                                + " its own: it must accept IPIP from the peers (such as: nft insert rule inet fw in ip protocol 4"
                                + " accept) and the gossip port, TCP and UDP");
    }

    @Test
    void theOlderIptablesIsNamedForItCannotBeLookedInto() {
        assertThat(HostCheck.obstacles(new Facts("tunl0", "eth0", ON, 0, Map.of(), Map.of(), List.of(), true, 0)))
                .extracting(Obstacle::kind)
                .containsExactly(Obstacle.Kind.FIREWALL_FORWARD);
    }

    @Test
    void aRuleThatDropsJustTheMeshIsNamedAsOne() {
        assertThat(texts(ON, 0, new HookChain("inet", "fw", "in", false, true)))
                .containsExactly(
                        "firewall_input: the firewall chain inet fw in has a rule that drops protocol 4, IPIP: it"
                                + " must accept that from the peers (such as: nft insert rule inet fw in ip protocol 4 accept) and"
                                + " the gossip port, TCP and UDP");
        assertThat(texts(ON, 0, new HookChain("ip", "fw", "fwd", true, true)))
                .containsExactly(
                        "firewall_forward: the firewall chain ip fw fwd has a rule that drops what goes in or out"
                                + " by tunl0: it must accept what goes in or out by tunl0 (such as: nft insert rule ip fw fwd"
                                + " iifname tunl0 accept; and oifname likewise)");
    }

    @Test
    void aSourceThatPeersDoNotKnowIsNamed() {
        Map<Ipv4, Ipv4> sources = Map.of(Ipv4.parse("172.16.168.113"), Ipv4.parse("192.0.2.7"));
        assertThat(texts(new Facts("tunl0", "eth0", ON, 0, Map.of(), sources, List.of(), false, 0)))
                .containsExactly(
                        "source: what tunl0 sends to the peer at 172.16.168.113 leaves with the source 192.0.2.7"
                                + " and not with the node IP: the peer's packet guard drops it; set node-ip to 192.0.2.7, or give"
                                + " the route to 172.16.168.113 the node IP as its src");
    }

    @Test
    void connectionTrackingThatIsAllButFullIsNamed() {
        assertThat(texts(new Facts("tunl0", "eth0", ON, 0, Map.of(), Map.of(), List.of(), false, 95)))
                .containsExactly(
                        "conntrack: connection tracking has room for less than one in twenty more connections, and"
                                + " drops what it has none for; raise net.netfilter.nf_conntrack_max");
    }
}
