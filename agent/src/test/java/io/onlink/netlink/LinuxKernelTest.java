package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Link;
import io.onlink.route.Nexthop;
import io.onlink.route.Route;
import io.onlink.route.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class LinuxKernelTest {
    private static final String OURS = "ip route show proto 114";

    private static Route plain(String dst, String gateway) {
        return Route.plain(Ipv4Prefix.parse(dst), Ipv4.parse(gateway));
    }

    private static Nexthop nexthop(long id, String gateway) {
        return new Nexthop(id, Ipv4.parse(gateway), true);
    }

    private static Link.Address address(String text) {
        Ipv4Prefix prefix = Ipv4Prefix.parse(text);
        return new Link.Address(prefix.base(), prefix.length(), Link.Maker.US);
    }

    private static List<Change> add(Table table) {
        List<Change> changes = new ArrayList<>();
        table.nexthops().forEach(nexthop -> changes.add(new Change.AddNexthop(nexthop)));
        table.routes().forEach(route -> changes.add(new Change.AddRoute(route)));
        return changes;
    }

    private static List<Change> delete(Table table) {
        List<Change> changes = new ArrayList<>();
        table.routes().forEach(route -> changes.add(new Change.DeleteRoute(route)));
        table.nexthops().forEach(nexthop -> changes.add(new Change.DeleteNexthop(nexthop)));
        return changes;
    }

    @Test
    void plainRoutesAreAddedReplacedAndDeleted() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.dump().table()).isEqualTo(Table.EMPTY);
                Route one = plain("10.42.2.0/24", "172.16.0.2");
                Route two = plain("10.42.3.0/24", "172.16.0.3");
                Table desired = Table.of(List.of(one, two), List.of());

                assertThat(kernel.apply(add(desired))).isEmpty();
                assertThat(kernel.dump().table()).isEqualTo(desired);
                assertThat(run(OURS)).isEqualTo("""
                        10.42.2.0/24 via 172.16.0.2 dev tunl1 onlink
                        10.42.3.0/24 via 172.16.0.3 dev tunl1 onlink""");

                Route moved = plain("10.42.2.0/24", "172.16.0.9");
                assertThat(kernel.apply(List.of(new Change.ReplaceRoute(one, moved), new Change.DeleteRoute(two))))
                        .isEmpty();
                assertThat(run(OURS)).isEqualTo("10.42.2.0/24 via 172.16.0.9 dev tunl1 onlink");
                assertThat(kernel.dump().table().routes()).containsExactly(moved);

                assertThat(kernel.apply(delete(kernel.dump().table()))).isEmpty();
                assertThat(run(OURS)).isEmpty();
            }
        });
    }

    @Test
    void aRouteGetsAndLosesTheMtuOfItsPathInPlaceAndOtherMetricsAreAltered() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Nexthop peer = nexthop(2, "172.16.0.2");
                Route wide = Route.through(Ipv4Prefix.parse("10.42.2.0/24"), peer);
                Route plain = plain("10.42.3.0/24", "172.16.0.3");
                assertThat(kernel.apply(add(Table.of(List.of(wide, plain), List.of(peer)))))
                        .isEmpty();
                assertThat(kernel.apply(List.of(
                                new Change.ReplaceRoute(wide, wide.withMtu(1280)),
                                new Change.ReplaceRoute(plain, plain.withMtu(1400)))))
                        .isEmpty();
                assertThat(run(OURS)).isEqualTo("""
                        10.42.2.0/24 nhid 2 via 172.16.0.2 dev tunl1 onlink mtu lock 1280 advmss 1240
                        10.42.3.0/24 via 172.16.0.3 dev tunl1 onlink mtu lock 1400 advmss 1360""");
                assertThat(kernel.dump().table().routes()).containsExactly(wide.withMtu(1280), plain.withMtu(1400));

                assertThat(kernel.apply(List.of(
                                new Change.ReplaceRoute(wide.withMtu(1280), wide.withMtu(1300)),
                                new Change.ReplaceRoute(plain.withMtu(1400), plain))))
                        .isEmpty();
                assertThat(run(OURS)).isEqualTo("""
                        10.42.2.0/24 nhid 2 via 172.16.0.2 dev tunl1 onlink mtu lock 1300 advmss 1260
                        10.42.3.0/24 via 172.16.0.3 dev tunl1 onlink""");

                run("ip route change 10.42.3.0/24 via 172.16.0.3 dev tunl1 onlink mtu 1300 proto 114");
                assertThat(kernel.dump().table().routes().get(1).intact()).isFalse();
                assertThat(kernel.apply(delete(kernel.dump().table()))).isEmpty();
                assertThat(run(OURS)).isEmpty();
            }
        });
    }

    @Test
    void routesThroughNexthopObjectsMoveWithTheObject() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.dump().nexthopObjects()).isTrue();
                Nexthop peer = nexthop(4_000_000_002L, "172.16.0.2");
                Route one = Route.through(Ipv4Prefix.parse("10.42.2.0/24"), peer);
                Route two = Route.through(Ipv4Prefix.parse("10.42.2.7/32"), peer);
                Table desired = Table.of(List.of(one, two), List.of(peer));

                assertThat(kernel.apply(add(desired))).isEmpty();
                assertThat(kernel.dump().table()).isEqualTo(desired);
                assertThat(run(OURS)).isEqualTo("""
                        10.42.2.0/24 nhid 4000000002 via 172.16.0.2 dev tunl1 onlink
                        10.42.2.7 nhid 4000000002 via 172.16.0.2 dev tunl1 onlink""");

                Nexthop moved = nexthop(4_000_000_002L, "172.16.0.9");
                assertThat(kernel.apply(List.of(new Change.ReplaceNexthop(peer, moved))))
                        .isEmpty();
                assertThat(run("ip nexthop show"))
                        .isEqualTo("id 4000000002 via 172.16.0.9 dev tunl1 scope link proto 114 onlink");
                assertThat(kernel.dump().table().routes())
                        .containsExactly(Route.through(one.dst(), moved), Route.through(two.dst(), moved));

                assertThat(kernel.apply(delete(kernel.dump().table()))).isEmpty();
                assertThat(run("ip nexthop show")).isEmpty();
            }
        });
    }

    @Test
    void withoutTheCompatModeARoutesGatewayIsItsNexthopObjects() throws Exception {
        inside(() -> {
            run("sysctl -qw net.ipv4.nexthop_compat_mode=0");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Nexthop peer = nexthop(2, "172.16.0.2");
                Table desired = Table.of(List.of(Route.through(Ipv4Prefix.parse("10.42.2.0/24"), peer)), List.of(peer));
                assertThat(kernel.apply(add(desired))).isEmpty();
                assertThat(kernel.dump().table()).isEqualTo(desired);
            }
        });
    }

    @Test
    void aRouteChangesFromPlainToANexthopObjectInPlace() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Route before = plain("10.42.2.0/24", "172.16.0.2");
                Nexthop peer = nexthop(2, "172.16.0.2");
                Route after = Route.through(before.dst(), peer);
                List<Failure> failures = kernel.apply(List.of(
                        new Change.AddRoute(before),
                        new Change.AddNexthop(peer),
                        new Change.ReplaceRoute(before, after)));
                assertThat(failures).isEmpty();
                assertThat(run(OURS)).isEqualTo("10.42.2.0/24 nhid 2 via 172.16.0.2 dev tunl1 onlink");
            }
        });
    }

    @Test
    void aForeignRouteOfTheSameDestinationIsLeftAloneAndNamed() throws Exception {
        inside(() -> {
            run("ip route add 10.42.2.0/24 dev far");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Table desired = Table.of(
                        List.of(
                                plain("10.42.1.0/24", "172.16.0.1"),
                                plain("10.42.2.0/24", "172.16.0.2"),
                                plain("10.42.3.0/24", "172.16.0.3")),
                        List.of());
                List<Failure> failures = kernel.apply(add(desired));
                assertThat(failures).hasSize(1);
                assertThat(failures.get(0).foreign()).isTrue();
                assertThat(failures.get(0))
                        .hasToString(
                                "ip route add 10.42.2.0/24 via 172.16.0.2: EEXIST, something else already has this "
                                        + "key; remove it, or keep the prefix out of the mesh");
                assertThat(run("ip route show")).isEqualTo("""
                        10.42.1.0/24 via 172.16.0.1 dev tunl1 proto 114 onlink
                        10.42.2.0/24 dev far scope link
                        10.42.3.0/24 via 172.16.0.3 dev tunl1 proto 114 onlink""");

                kernel.apply(List.of(new Change.DeleteRoute(plain("10.42.2.0/24", "172.16.0.2"))));
                assertThat(run("ip route show 10.42.2.0/24")).isEqualTo("10.42.2.0/24 dev far scope link");
            }
        });
    }

    @Test
    void aForeignRoutePrependedToOursOutlivesAReplacement() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Route before = plain("10.42.2.0/24", "172.16.0.2");
                kernel.apply(List.of(new Change.AddRoute(before)));
                run("ip route prepend 10.42.2.0/24 dev far");
                Route after = plain("10.42.2.0/24", "172.16.0.9");
                assertThat(kernel.apply(List.of(new Change.ReplaceRoute(before, after))))
                        .isEmpty();
                assertThat(run("ip route show")).isEqualTo("""
                        10.42.2.0/24 dev far scope link
                        10.42.2.0/24 via 172.16.0.9 dev tunl1 proto 114 onlink""");
            }
        });
    }

    @Test
    void aRouteIsNeverMissingWhileItIsReplaced() throws Exception {
        inside(() -> {
            Process monitor = new ProcessBuilder("ip", "monitor", "route").start();
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL);
                    var told = monitor.inputReader()) {
                // The monitor may not listen yet: it is told of a route by hand until it says so.
                Route before = plain("10.42.2.0/24", "172.16.0.2");
                Route after = plain("10.42.2.0/24", "172.16.0.9");
                while (!told.ready()) {
                    run("ip route replace 10.99.0.0/24 dev far");
                }
                kernel.apply(List.of(new Change.AddRoute(before), new Change.ReplaceRoute(before, after)));
                run("ip route del 10.99.0.0/24 dev far");
                List<String> lines = new ArrayList<>();
                for (String line = told.readLine(); !line.startsWith("Deleted 10.99"); line = told.readLine()) {
                    if (line.contains("10.42.2.0/24")) {
                        lines.add(line.strip());
                    }
                }
                assertThat(lines)
                        .containsExactly(
                                "10.42.2.0/24 via 172.16.0.2 dev tunl1 proto 114 onlink",
                                "10.42.2.0/24 via 172.16.0.9 dev tunl1 proto 114 onlink",
                                "Deleted 10.42.2.0/24 via 172.16.0.2 dev tunl1 proto 114 onlink");
            } finally {
                monitor.destroyForcibly().waitFor();
            }
        });
    }

    @Test
    void aNexthopIdOfOthersIsForeignAndKept() throws Exception {
        inside(() -> {
            run("ip nexthop add id 7 via 172.16.0.7 dev tunl1 onlink proto static");
            run("ip nexthop add id 8 blackhole proto 114");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Dump dump = kernel.dump();
                assertThat(dump.foreignNexthops()).containsExactly(7L);
                assertThat(dump.table().nexthops()).containsExactly(new Nexthop(8, Ipv4.ANY, false));
                List<Failure> failures = kernel.apply(List.of(new Change.AddNexthop(nexthop(7, "172.16.0.2"))));
                assertThat(failures).extracting(Failure::errno).containsExactly("EEXIST");
                assertThat(run("ip nexthop show id 7")).contains("via 172.16.0.7");
            }
        });
    }

    @Test
    void anObjectThatAForeignRouteRunsThroughIsKeptAndTheRouteNamed() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Nexthop used = nexthop(2, "172.16.0.2");
                Nexthop elsewhere = nexthop(3, "172.16.0.3");
                Nexthop free = nexthop(4, "172.16.0.4");
                List<Nexthop> all = List.of(used, elsewhere, free);
                Route ours = Route.through(Ipv4Prefix.parse("10.42.2.0/24"), used);
                kernel.apply(add(Table.of(List.of(ours), all)));
                run("ip route add 192.0.2.0/24 nhid 2 proto static");
                run("ip route add 192.0.2.0/24 nhid 3 proto 114 table 99");

                assertThat(kernel.apply(delete(kernel.dump().table())))
                        .extracting(Failure::toString)
                        .containsExactly(
                                "ip nexthop del id 2 via 172.16.0.2: EBUSY, the foreign route 192.0.2.0/24 (protocol 4,"
                                        + " table 254) runs through it and would go too; delete that route first",
                                "ip nexthop del id 3 via 172.16.0.3: EBUSY, the foreign route 192.0.2.0/24 (protocol"
                                        + " 114, table 99) runs through it and would go too; delete that route first");
                assertThat(run("ip route show"))
                        .isEqualTo("192.0.2.0/24 nhid 2 via 172.16.0.2 dev tunl1 proto static onlink");
                assertThat(run("ip nexthop show")).contains("id 2 ", "id 3 ").doesNotContain("id 4 ");

                run("ip route del 192.0.2.0/24");
                run("ip route del 192.0.2.0/24 table 99");
                assertThat(kernel.apply(delete(kernel.dump().table()))).isEmpty();
                assertThat(run("ip nexthop show")).isEmpty();
            }
        });
    }

    @Test
    void anAlteredObjectThatAForeignRouteRunsThroughIsKeptToo() throws Exception {
        inside(() -> {
            run("ip nexthop add id 9 via 172.16.0.9 dev far onlink proto 114");
            run("ip route add 192.0.2.0/24 nhid 9 proto static");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.apply(delete(kernel.dump().table())))
                        .extracting(Failure::errno)
                        .containsExactly("EBUSY");
                assertThat(run("ip route show")).startsWith("192.0.2.0/24 nhid 9");
            }
        });
    }

    @Test
    void alteredRoutesOfOursAreSeenAndDeletedForWhatTheyAre() throws Exception {
        inside(() -> {
            for (String rest : List.of(
                    "10.42.2.0/24 via 172.16.0.2 dev tunl1 onlink metric 5",
                    "10.42.2.0/24 via 172.16.0.2 dev tunl1 onlink metric 6",
                    "10.42.3.0/24 via 172.16.0.3 dev tunl1 onlink tos 0x10",
                    "10.42.4.0/24 via 172.16.0.4 dev far onlink",
                    "10.42.5.0/24 dev tunl1 scope link",
                    "blackhole 10.42.6.0/24",
                    "10.42.7.0/24 via 172.16.0.7 dev tunl1 onlink mtu 1400",
                    "10.42.8.0/24 via 172.16.0.8 dev tunl1 onlink src 10.42.1.0",
                    "10.42.9.0/24 nexthop via 172.16.0.8 dev tunl1 onlink nexthop via 172.16.0.9 dev tunl1 onlink")) {
                run("ip route add proto 114 " + rest);
            }
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Table found = kernel.dump().table();
                assertThat(found.routes()).hasSize(9).noneMatch(Route::intact);
                assertThat(found.routes().get(0)).hasToString("10.42.2.0/24 via 172.16.0.2 (altered)");

                assertThat(kernel.apply(delete(found))).isEmpty();
                assertThat(run(OURS)).isEmpty();
            }
        });
    }

    @Test
    void anAlteredRouteIsReplacedByAnIntactOneAlone() throws Exception {
        inside(() -> {
            run("ip route add 10.42.2.0/24 via 172.16.0.2 dev tunl1 onlink metric 5 proto 114");
            run("ip route add 10.42.3.0/24 via 172.16.0.3 dev far onlink proto 114");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                List<Change> changes = new ArrayList<>();
                for (Route before : kernel.dump().table().routes()) {
                    changes.add(new Change.ReplaceRoute(before, Route.plain(before.dst(), before.gateway())));
                }
                assertThat(kernel.apply(changes)).isEmpty();
                assertThat(run(OURS)).isEqualTo("""
                        10.42.2.0/24 via 172.16.0.2 dev tunl1 onlink
                        10.42.3.0/24 via 172.16.0.3 dev tunl1 onlink""");
            }
        });
    }

    @Test
    void ofManyChangesEachRefusedOneIsNamed() throws Exception {
        inside(() -> {
            List<Change> changes = new ArrayList<>();
            List<Change> taken = new ArrayList<>();
            StringBuilder batch = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                Route route = plain("10." + (i >> 8) + "." + (i & 255) + ".0/24", "172.16.0.2");
                changes.add(new Change.AddRoute(route));
                if (i % 7 == 0) {
                    taken.add(new Change.AddRoute(route));
                    batch.append("route add ").append(route.dst()).append(" dev far\n");
                }
            }
            Namespace.feed("ip -batch -", batch.toString());
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                List<Failure> failures = kernel.apply(changes);
                assertThat(failures).extracting(Failure::change).containsExactlyElementsOf(taken);
                assertThat(failures).allMatch(Failure::foreign);
                assertThat(kernel.dump().table().routes()).hasSize(1000 - taken.size());
            }
        });
    }

    @Test
    void whatIsGoneAlreadyNeedsNoDeleting() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.apply(List.of(
                                new Change.DeleteRoute(plain("10.42.2.0/24", "172.16.0.2")),
                                new Change.DeleteNexthop(nexthop(5, "172.16.0.2")),
                                new Change.DeleteAddress(Namespace.TUNNEL, address("10.42.9.0/32")))))
                        .isEmpty();
            }
        });
    }
}
