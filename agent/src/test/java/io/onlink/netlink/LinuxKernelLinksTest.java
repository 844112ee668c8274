package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.Link;
import io.onlink.route.LinkCounters;
import io.onlink.route.Route;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class LinuxKernelLinksTest {
    private static Route plain(String dst, String gateway) {
        return Route.plain(Ipv4Prefix.parse(dst), Ipv4.parse(gateway));
    }

    private static Link.Address address(String text) {
        Ipv4Prefix prefix = Ipv4Prefix.parse(text);
        return new Link.Address(prefix.base(), prefix.length(), Link.Maker.US);
    }

    @Test
    void linksAndAddressesAreReadAndSet() throws Exception {
        inside(() -> {
            run("ip link set tunl1 down");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.dump().link("tunl1")).hasValueSatisfying(link -> {
                    assertThat(link)
                            .hasToString("Link[name=tunl1, kind=veth, mtu=1500, up=false, addresses=[10.42.1.0/32],"
                                    + " local=0.0.0.0, remote=0.0.0.0]");
                    assertThat(link.addresses().get(0).maker()).isNotEqualTo(Link.Maker.US);
                });
                assertThat(kernel.apply(List.of(
                                new Change.SetMtu("tunl1", 1480),
                                new Change.AddAddress("tunl1", address("10.42.2.0/32")),
                                new Change.AddAddress("tunl1", address("10.42.2.0/32")),
                                new Change.DeleteAddress("tunl1", address("10.42.1.0/32")),
                                new Change.SetUp("tunl1"))))
                        .isEmpty();
                assertThat(kernel.dump().link("tunl1"))
                        .contains(new Link(
                                "tunl1",
                                "veth",
                                1480,
                                true,
                                List.of(new Link.Address(Ipv4.parse("10.42.2.0"), 32, Link.Maker.US))));
                assertThat(kernel.dump().link("lo")).map(Link::kind).contains("");
                assertThat(run("ip -brief address show tunl1")).contains("UP").contains("10.42.2.0/32");
            }
        });
    }

    @Test
    void anAddressThatForeignRoutesGoByStaysUntilTheyAreGone() throws Exception {
        inside(() -> {
            run("ip link set tunl1 up");
            run("ip route add 10.99.0.0/24 via 172.16.0.9 dev tunl1 proto static onlink");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                List<Change> away = List.of(new Change.DeleteAddress("tunl1", address("10.42.1.0/32")));
                assertThat(kernel.apply(away))
                        .extracting(Failure::toString)
                        .containsExactly("ip address del 10.42.1.0/32 dev tunl1: EBUSY, the foreign route 10.99.0.0/24"
                                + " (protocol 4, table 254) goes by it and would go too; delete that route first");
                assertThat(run("ip route show dev tunl1")).startsWith("10.99.0.0/24 via 172.16.0.9 proto static");
                run("ip address add 10.42.2.0/32 dev tunl1");
                run("ip route add 10.98.0.0/24 via 172.16.0.9 dev tunl1 proto static src 10.42.1.0 onlink");
                assertThat(kernel.apply(away)).hasSize(1);
                run("ip route del 10.98.0.0/24");
                assertThat(kernel.apply(away)).isEmpty();
                assertThat(run("ip route show dev tunl1")).startsWith("10.99.0.0/24 via 172.16.0.9 proto static");
            }
        });
    }

    @Test
    void aForeignRouteThatWouldGoWithTheLinkIsFoundHoweverItLeadsThere() throws Exception {
        inside(() -> {
            run("ip link set tunl1 up");
            run("ip link set far up");
            run("ip address add 172.17.0.1/24 dev far");
            run("ip route add 10.97.0.0/24 via 172.17.0.9 proto static");
            run("ip route add 10.96.0.0/24 proto static nexthop via 172.17.0.8 nexthop via 172.17.0.9");
            run("ip route add 10.42.2.0/24 via 172.16.0.2 dev tunl1 onlink proto 114");
            run("ip nexthop add id 7 via 172.16.0.9 dev tunl1 onlink proto static");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.foreignRoute("tunl1")).isEmpty();
                for (String way : List.of(
                        "via 172.16.0.9 dev tunl1 onlink",
                        "via 172.16.0.9 dev tunl1 onlink table 99",
                        "nhid 7",
                        "nexthop via 172.16.0.9 dev tunl1 onlink nexthop via 172.17.0.9")) {
                    for (int compat = 0; compat < 2; compat++) {
                        run("sysctl -qw net.ipv4.nexthop_compat_mode=" + compat);
                        run("ip route add 10.99.0.0/24 proto static " + way);
                        assertThat(kernel.foreignRoute("tunl1"))
                                .as(way)
                                .hasValueSatisfying(
                                        text -> assertThat(text).startsWith("10.99.0.0/24 (protocol 4, table "));
                        run("ip route del 10.99.0.0/24 proto static" + (way.endsWith("table 99") ? " table 99" : ""));
                        assertThat(kernel.foreignRoute("tunl1")).isEmpty();
                    }
                }
                assertThat(kernel.foreignRoute("none0")).isEmpty();
            }
        });
    }

    @Test
    void changesOfAMissingLinkSaySo() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open("none0")) {
                assertThat(kernel.apply(List.of(
                                new Change.AddRoute(plain("10.42.2.0/24", "172.16.0.2")),
                                new Change.AddAddress("none0", address("10.42.2.0/32")),
                                new Change.SetUp("none0"))))
                        .extracting(Failure::errno)
                        .containsOnly("ENODEV")
                        .hasSize(3);
            }
        });
    }

    @Test
    void aLinkOfAKindTheKernelLacksSaysWhatToInstall() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.apply(List.of(new Change.CreateLink("mesh0", "nosuchkind", Ipv4.ANY))))
                        .singleElement()
                        .hasToString(
                                "ip link add mesh0 type nosuchkind: EOPNOTSUPP, this kernel has no nosuchkind module; "
                                        + "`modprobe nosuchkind` or install the kernel's extra modules");
            }
        });
    }

    @Test
    void aLinkIsCreatedOnce() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Change create = new Change.CreateLink("mesh0", "bridge", Ipv4.ANY);
                assertThat(kernel.apply(List.of(create, create))).isEmpty();
                assertThat(kernel.dump().link("mesh0")).map(Link::kind).contains("bridge");
            }
        });
    }

    @Test
    void forwardingIsReadAndTurnedOn() throws Exception {
        inside(() -> {
            run("sysctl -qw net.ipv4.ip_forward=0");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.dump().forwarding()).isFalse();
                assertThat(kernel.apply(List.of(new Change.EnableForwarding()))).isEmpty();
                assertThat(kernel.dump().forwarding()).isTrue();
            }
        });
    }

    @Test
    void theSourceTowardsAnAddressIsTheOneTheKernelChooses() throws Exception {
        inside(() -> {
            run("ip address add 172.16.0.1/24 dev far");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.sourceFor(Ipv4.parse("172.16.0.77"))).contains(Ipv4.parse("172.16.0.1"));
                assertThat(kernel.sourceFor(Ipv4.parse("8.8.8.8"))).isEmpty();
            }
        });
    }

    @Test
    void theCountersAreThoseOfThisNamespace() throws Exception {
        inside(() -> {
            run("ping -q -c 3 -i 0.01 127.0.0.1");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.counters("lo").transmitPackets()).isEqualTo(6);
                assertThat(kernel.counters("lo").receiveBytes()).isEqualTo(6 * 84);
                assertThat(kernel.counters("none0")).isEqualTo(LinkCounters.ZERO);
            }
        });
    }
}
