package io.onlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkPlanTest {
    private static final Link ETH0 = link("eth0", "", 1500, true, "172.16.165.33/24");
    private static final Link TUNNEL = link("tunl0", "ipip", 1480, true, "10.42.1.0/32");

    private static Link link(String name, String kind, int mtu, boolean up, String... addresses) {
        return new Link(
                name,
                kind,
                mtu,
                up,
                Arrays.stream(addresses).map(FakeKernel::address).toList());
    }

    private static TunnelSettings want(int mtu, String bridge) {
        return new TunnelSettings(
                "tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), mtu, bridge, true);
    }

    private static List<String> steps(TunnelSettings want, boolean forwarding, Link... links) {
        Dump dump = new Dump(List.of(links), Table.EMPTY, Set.of(), true, forwarding);
        return LinkPlan.between(dump, want).stream().map(Change::toString).toList();
    }

    @Test
    void aHostAsItShouldBeIsLeftAlone() {
        Link bridge = link("mybr0", "bridge", 1500, true, "10.42.1.1/24");
        assertThat(steps(want(0, "mybr0"), true, ETH0, TUNNEL, bridge)).isEmpty();
    }

    @Test
    void theTunnelGetsMtuAndAddressBeforeItIsUp() {
        assertThat(steps(want(0, ""), true, ETH0))
                .containsExactly(
                        "ip link add tunl0 type ipip",
                        "ip link set tunl0 mtu 1480",
                        "ip address add 10.42.1.0/32 dev tunl0",
                        "ip link set tunl0 up");
    }

    @Test
    void theModulesOwnDeviceIsAdoptedWithWhatOthersPutOnIt() {
        Link fallback = link("tunl0", "ipip", 1480, false, "192.0.2.9/32");
        assertThat(steps(want(0, ""), true, ETH0, fallback))
                .containsExactly("ip address add 10.42.1.0/32 dev tunl0", "ip link set tunl0 up");
    }

    @Test
    void theAddressOfAFormerSubnetGoesAndThoseOfOthersStay() {
        Link.Address former = Link.Address.ours(Ipv4.parse("10.42.9.0"), 32);
        Link tunnel = new Link("tunl0", "ipip", 1480, true, List.of(former, FakeKernel.address("192.0.2.9/32")));
        assertThat(steps(want(0, ""), true, ETH0, tunnel))
                .containsExactly("ip address add 10.42.1.0/32 dev tunl0", "ip address del 10.42.9.0/32 dev tunl0");
    }

    private static TunnelSettings named(String tunnel, String bridge) {
        return new TunnelSettings(
                tunnel, Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, bridge, true);
    }

    @Test
    void aTunnelOfAnotherNameHasTheNodeIpAsItsLocalAddress() {
        assertThat(steps(named("onl0", ""), true, ETH0))
                .startsWith("ip link add onl0 type ipip local 172.16.165.33", "ip link set onl0 mtu 1480");
    }

    @ParameterizedTest
    @CsvSource({
        "tunl0, ipip, 0.0.0.0, 0.0.0.0, ''",
        "onl0, ipip, 0.0.0.0, 0.0.0.0, ''",
        "onl0, ipip, 172.16.165.33, 0.0.0.0, ''",
        "tunl0, veth, 0.0.0.0, 0.0.0.0, ''",
        "tunl0, tun, 0.0.0.0, 0.0.0.0, ''",
        "tunl0, dummy, 0.0.0.0, 0.0.0.0, ''",
        "tunl0, vxlan, 0.0.0.0, 0.0.0.0, 'tunnel: tunl0 is of kind vxlan and no ipip link; choose another name, or"
                + " leave it at tunl0'",
        "far, veth, 0.0.0.0, 0.0.0.0, 'tunnel: far is of kind veth and no ipip link; choose another name, or leave it"
                + " at tunl0'",
        "eth1, '', 0.0.0.0, 0.0.0.0, 'tunnel: eth1 is hardware and no ipip link; choose another name, or leave it at"
                + " tunl0'",
        "onl0, ipip, 0.0.0.0, 192.0.2.1, 'tunnel: onl0 is an ipip link to 192.0.2.1 alone; choose another name, or"
                + " leave it at tunl0'",
        "onl0, ipip, 192.0.2.7, 0.0.0.0, ''",
    })
    void aTunnelThatIsThereMustBeOneForAllPeers(String name, String kind, String local, String remote, String reason) {
        Link link = new Link(name, kind, 1480, true, List.of(), Ipv4.parse(local), Ipv4.parse(remote));
        Dump dump = new Dump(List.of(ETH0, link), Table.EMPTY, Set.of(), true, true);
        assertThat(LinkPlan.unfit(dump, named(name, "")).orElse("")).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "onl0, ipip, 192.0.2.7, true",
        "onl0, ipip, 172.16.165.33, false",
        "onl0, ipip, 0.0.0.0, false",
        "onl1, ipip, 192.0.2.7, false",
        "onl0, gre, 192.0.2.7, false",
    })
    void aTunnelOfAnotherNodeIpIsStale(String name, String kind, String local, boolean stale) {
        Link link = new Link(name, kind, 1480, true, List.of(), Ipv4.parse(local), Ipv4.ANY);
        Dump dump = new Dump(List.of(ETH0, link), Table.EMPTY, Set.of(), true, true);
        assertThat(LinkPlan.stale(dump, named("onl0", "")).isPresent()).isEqualTo(stale);
    }

    @Test
    void aBridgeThatIsThereMustBeOne() {
        Link bridge = link("mybr0", "bridge", 1500, true);
        Dump dump = new Dump(List.of(ETH0, TUNNEL, bridge), Table.EMPTY, Set.of(), true, true);
        assertThat(LinkPlan.unfit(dump, named("tunl0", "mybr0"))).isEmpty();
        assertThat(LinkPlan.unfit(dump, named("tunl0", "eth0")))
                .contains("bridge: eth0 is hardware and no bridge; choose another name, or delete that link");
    }

    @Test
    void theBaseAddressWithAnotherLengthIsNotTheTunnels() {
        Link tunnel = link("tunl0", "ipip", 1480, true, "10.42.1.0/24");
        assertThat(steps(want(0, ""), true, ETH0, tunnel)).containsExactly("ip address add 10.42.1.0/32 dev tunl0");
    }

    @Test
    void aBridgeIsMadeOnlyWhereOneIsAskedForAndItsMtuIsItsOwnAffair() {
        Link bridge = link("mybr0", "bridge", 9000, false);
        assertThat(steps(want(0, "mybr0"), true, ETH0, TUNNEL, bridge))
                .containsExactly("ip address add 10.42.1.1/24 dev mybr0", "ip link set mybr0 up");
        assertThat(steps(want(0, ""), true, ETH0, TUNNEL, bridge)).isEmpty();
    }

    @Test
    void forwardingIsTurnedOnOnlyWhereItIsOursToTurnOn() {
        assertThat(steps(want(0, ""), false, ETH0, TUNNEL)).containsExactly("sysctl -w net.ipv4.ip_forward=1");
        TunnelSettings others = new TunnelSettings(
                "tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, "", false);
        assertThat(steps(others, false, ETH0, TUNNEL)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1500, 1480", "9000, 8980", "576, 556", "80, 68", "65535, 65515", "65536, 65515"})
    void theMtuIsTheUnderlaysLessTheOuterHeaderWithinWhatAPacketMayHave(int underlay, int tunnel) {
        Link eth0 = link("eth0", "", underlay, true, "172.16.165.33/24");
        Dump dump = new Dump(List.of(eth0), Table.EMPTY, Set.of(), true, true);
        assertThat(LinkPlan.mtu(dump, want(0, ""))).isEqualTo(tunnel);
        assertThat(LinkPlan.mtu(dump, want(1400, ""))).isEqualTo(1400);
    }

    @ParameterizedTest
    @CsvSource({"lo, ''", "lo7, dummy"})
    void withTheNodeIpOnALinkOfTheHostAloneTheLeastMtuThatPacketsMayLeaveByCounts(String name, String kind) {
        Link node = link(name, kind, 65_536, true, "172.16.165.33/32");
        Link[] links = {
            node,
            link("eth0", "", 9000, true, "192.0.2.1/31"),
            link("eth1", "", 1500, true, "192.0.2.3/31"),
            link("eth2", "", 1400, false, "192.0.2.5/31"),
            link("tap0", "tun", 1300, true),
            link("mybr0", "bridge", 1280, true, "10.42.1.1/24"),
            TUNNEL
        };
        assertThat(steps(want(0, "mybr0"), true, links)).isEmpty();
        assertThat(steps(want(0, ""), true, node, TUNNEL)).containsExactly("ip link set tunl0 mtu 65515");
    }

    @Test
    void withoutTheUnderlayTheMtuIsLeftAsItIs() {
        Link other = link("eth0", "", 9000, true, "172.16.165.34/24");
        assertThat(steps(want(0, ""), true, other, TUNNEL)).isEmpty();
    }

    @Test
    void theUnderlayIsTheLinkWithTheNodeIpBesidesTheTunnel() {
        Link tunnel = link("tunl0", "ipip", 1480, true, "172.16.165.33/32", "10.42.1.0/32");
        List<Link> links = new ArrayList<>(List.of(tunnel, ETH0));
        Dump dump = new Dump(links, Table.EMPTY, Set.of(), true, true);
        assertThat(LinkPlan.underlay(dump, want(0, ""))).contains(ETH0);
        links.remove(ETH0);
        assertThat(LinkPlan.underlay(new Dump(links, Table.EMPTY, Set.of(), true, true), want(0, "")))
                .isEmpty();
    }
}
