package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.Seeded;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Claims;
import io.onlink.peer.PeerView;
import io.onlink.route.Change;
import io.onlink.route.Drift;
import io.onlink.route.FakeKernel;
import io.onlink.route.Outcome;
import io.onlink.route.Reconciler;
import io.onlink.route.TunnelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fake kernel of the other tests and the real one: the same commands give the same tables and the same errors. */
@Tag("netns")
class FakeKernelTest {
    private static final TunnelSettings LINKS = new TunnelSettings(
            Namespace.TUNNEL, Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 1480, "", false);

    /** What iproute2 says of an error, by the name that the fake gives it. */
    private static final Map<String, String> ERRORS = Map.of(
            "File exists", "EEXIST",
            "No such process", "ESRCH",
            "No such file or directory", "ENOENT",
            "Nexthop device is not up", "ENETDOWN",
            "Nexthop id does not exist", "EINVAL",
            "Cannot assign requested address", "",
            "Address not found", "");

    private final FakeKernel fake = new FakeKernel("172.16.165.33/24", true, Namespace.TUNNEL);
    private final List<String> history = new ArrayList<>();

    private void start() throws Exception {
        run("ip link add eth0 type veth peer name near");
        run("ip link set near up");
        run("ip address add 172.16.165.33/24 dev eth0");
        run("ip link set eth0 up");
        fake.apply(List.of(
                new Change.CreateLink(Namespace.TUNNEL, "veth", Ipv4.ANY),
                new Change.SetMtu(Namespace.TUNNEL, 1500),
                new Change.SetUp(Namespace.TUNNEL)));
        fake.hand("ip address add 10.42.1.0/32 dev " + Namespace.TUNNEL);
    }

    private static String byHand(String command) throws Exception {
        try {
            run(command);
            return "";
        } catch (IllegalStateException e) {
            return ERRORS.entrySet().stream()
                    .filter(error -> String.valueOf(e.getMessage()).contains(error.getKey()))
                    .findFirst()
                    .map(Map.Entry::getValue)
                    .orElse(String.valueOf(e.getMessage()));
        }
    }

    /** The same on both. */
    private void both(String command) throws Exception {
        String error = fake.hand(command);
        history.add(command + " " + error);
        String real = byHand(command);
        if (!command.startsWith("ip address")) {
            assertThat(error).as(said()).isEqualTo(real);
        }
    }

    private void agree(LinuxKernel kernel) throws Exception {
        assertThat(lines(fake.toString())).as(said()).isEqualTo(lines(run("ip route show")));
        assertThat(lines(fake.nexthops())).as(said()).isEqualTo(lines(run("ip nexthop show")));
        assertThat(fake.dump().table()).as(said()).isEqualTo(kernel.dump().table());
        assertThat(fake.dump().foreignNexthops())
                .as(said())
                .isEqualTo(kernel.dump().foreignNexthops());
        // As text, for the real one tells who made an address only where somebody said so.
        assertThat(fake.dump().link(Namespace.TUNNEL))
                .as(said())
                .hasToString(kernel.dump().link(Namespace.TUNNEL).toString());
    }

    private String said() {
        return String.join("\n", history);
    }

    private static List<String> lines(String text) {
        return text.lines()
                .filter(line -> !line.contains("proto kernel"))
                .map(line -> line.replace("proto onlink", "proto 114").strip())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                ip route add 10.42.2.0/24 via 172.16.165.2 dev tunl1 proto 114 onlink
                ip route add 10.42.2.0/24 via 172.16.165.3 dev tunl1 proto 114 onlink
                ip route append 10.42.2.0/24 via 172.16.165.3 dev tunl1 proto 114 onlink
                ip route append 10.42.2.0/24 via 172.16.165.3 dev tunl1 proto 114 onlink
                ip route replace 10.42.2.0/24 via 172.16.165.3 dev tunl1 proto 114 onlink
                ip route replace 10.42.2.0/24 via 172.16.165.4 dev tunl1 proto 114 onlink
                ip route del 10.42.2.0/24 via 172.16.165.3
                """,
                """
                ip route add 10.42.2.0/24 via 172.16.165.2 dev eth0 proto static
                ip route replace 10.42.2.0/24 via 172.16.165.3 dev tunl1 proto 114 onlink
                ip route replace 10.42.2.0/24 via 172.16.165.2 dev eth0 proto static
                ip route del 10.42.2.0/24 proto 114
                ip route add 10.42.2.0/24 dev eth0 proto static metric 9
                ip route del 10.42.2.0/24 metric 9
                """,
                """
                ip route add 10.42.2.0/24 nhid 5 proto 114
                ip nexthop add id 5 via 172.16.165.2 dev tunl1 onlink proto 114
                ip route add 10.42.2.0/24 nhid 5 proto 114
                ip nexthop add id 5 via 172.16.165.3 dev tunl1 onlink proto 114
                ip nexthop replace id 5 via 172.16.165.3 dev tunl1 onlink proto 114
                ip route del 10.42.2.0/24 via 172.16.165.3
                ip nexthop replace id 5 via 172.16.165.3 dev tunl1 onlink proto static
                ip nexthop del id 5
                ip nexthop del id 5
                """,
                """
                ip nexthop add id 5 via 172.16.165.2 dev tunl1 onlink proto 114
                ip route add 10.42.2.0/24 nhid 5 proto 114
                ip route add 10.42.3.0/24 via 172.16.165.3 dev tunl1 proto 114 onlink
                ip route add 10.42.4.0/24 via 172.16.165.4 dev eth0 proto 114 onlink
                ip address flush dev tunl1
                ip route add 10.42.5.0/24 via 172.16.165.3 dev tunl1 proto 114 onlink
                ip link set tunl1 down
                ip route add 10.42.6.0/24 via 172.16.165.3 dev tunl1 proto 114 onlink
                ip nexthop add id 6 via 172.16.165.2 dev tunl1 onlink proto 114
                ip link set tunl1 up
                ip nexthop add id 6 via 172.16.165.2 dev tunl1 onlink proto 114
                """,
            })
    void aScriptGivesTheSameTablesAndErrors(String script) throws Exception {
        inside(() -> {
            start();
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                for (String command : script.lines().toList()) {
                    both(command);
                    agree(kernel);
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void randomDriftAndPassesGiveTheSameTablesAndErrors(boolean nexthops) {
        Seeded.cases(25, random -> inside(() -> new FakeKernelTest().walk(random, nexthops)));
    }

    private void walk(Random random, boolean nexthops) throws Exception {
        start();
        Drift drift = new Drift(random, Namespace.TUNNEL);
        try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
            for (int step = 0; step < 30; step++) {
                if (random.nextInt(4) == 0) {
                    String claims = drift.claims();
                    PeerView view = PeerView.of(Claims.atA(), Claims.of(claims));
                    String written =
                            written(new Reconciler(fake, LINKS, nexthops).reconcile(dump -> view, dst -> true));
                    history.add("claims\n" + claims + written);
                    Outcome real = new Reconciler(kernel, LINKS, nexthops).reconcile(dump -> view, dst -> true);
                    assertThat(written).as(said()).isEqualTo(written(real));
                } else {
                    both(drift.command());
                }
                agree(kernel);
            }
        }
    }

    private static String written(Outcome outcome) {
        return Stream.concat(
                        outcome.applied().stream().map(Change::toString),
                        outcome.failures().stream().map(failure -> failure.change() + " " + failure.errno()))
                .collect(Collectors.joining("\n"));
    }

    /** The kernel does not turn a group into a single nexthop, so a group under our name has to go. */
    @Test
    void aGroupInThePlaceOfAPeersObjectIsGotRidOf() throws Exception {
        inside(() -> {
            start();
            PeerView view = PeerView.of(Claims.atA(), Claims.of("b 172.16.165.44 10.42.2.0/24"));
            run("ip nexthop add id 8 via 172.16.165.9 dev tunl1 onlink proto static");
            run("ip nexthop add id 6 group 8 proto 114");
            run("ip route add 10.42.2.0/24 nhid 6 proto 114");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Reconciler reconciler = new Reconciler(kernel, LINKS, true);
                assertThat(reconciler.reconcile(dump -> view, dst -> true).failures())
                        .isEmpty();
                assertThat(run("ip route show proto 114"))
                        .isEqualTo("10.42.2.0/24 nhid 114000001 via 172.16.165.44 dev tunl1 onlink");
                assertThat(run("ip nexthop show")).isEqualTo("""
                        id 8 via 172.16.165.9 dev tunl1 scope link proto static onlink
                        id 114000001 via 172.16.165.44 dev tunl1 scope link proto 114 onlink""");
            }
        });
    }
}
