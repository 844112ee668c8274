package io.onlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is, what should be, and the commands a person would type to get there. */
class RouteDiffTest {
    private static boolean all(Ipv4Prefix dst) {
        return true;
    }

    private static boolean none(Ipv4Prefix dst) {
        return false;
    }

    private static List<String> steps(String actual, String desired, Predicate<Ipv4Prefix> mayDelete) {
        return RouteDiff.between(Tables.of(actual), Tables.of(desired), mayDelete).stream()
                .map(Change::toString)
                .toList();
    }

    private static Arguments row(String what, String actual, String desired, String... steps) {
        return Arguments.of(what, actual, desired, Arrays.asList(steps));
    }

    static List<Arguments> rows() {
        return List.of(
                row("nothing", "", ""),
                row("the same", "10.42.2.0/24 via 172.16.165.2", "10.42.2.0/24 via 172.16.165.2"),
                row(
                        "a join",
                        "10.42.2.0/24 via 172.16.165.2",
                        "10.42.2.0/24 via 172.16.165.2\n10.42.3.0/24 via 172.16.165.3",
                        "ip route add 10.42.3.0/24 via 172.16.165.3"),
                row(
                        "a leave",
                        "10.42.2.0/24 via 172.16.165.2\n10.42.3.0/24 via 172.16.165.3",
                        "10.42.3.0/24 via 172.16.165.3",
                        "ip route del 10.42.2.0/24 via 172.16.165.2"),
                row(
                        "a join and a leave: the new one first",
                        "10.42.2.0/24 via 172.16.165.2",
                        "10.42.3.0/24 via 172.16.165.3",
                        "ip route add 10.42.3.0/24 via 172.16.165.3",
                        "ip route del 10.42.2.0/24 via 172.16.165.2"),
                row(
                        "a path that carries less",
                        "10.42.2.0/24 via 172.16.165.2",
                        "10.42.2.0/24 via 172.16.165.2 mtu lock 1280 advmss 1240",
                        "ip route replace 10.42.2.0/24 via 172.16.165.2 mtu lock 1280 advmss 1240"),
                row(
                        "a path that carries more again, through a nexthop object",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2 mtu lock 1280 advmss 1240",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2",
                        "ip route replace 10.42.2.0/24 nhid 5 via 172.16.165.2"),
                row(
                        "a gateway that moves with its object, the path's MTU being the same",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2 mtu lock 1280 advmss 1240",
                        "id 5 via 172.16.165.9\n10.42.2.0/24 nhid 5 via 172.16.165.9 mtu lock 1280 advmss 1240",
                        "ip nexthop replace id 5 via 172.16.165.9"),
                row(
                        "another gateway",
                        "10.42.2.0/24 via 172.16.165.2",
                        "10.42.2.0/24 via 172.16.165.9",
                        "ip route replace 10.42.2.0/24 via 172.16.165.9"),
                row(
                        "a longer prefix within is another destination",
                        "10.42.2.0/24 via 172.16.165.2",
                        "10.42.2.0/25 via 172.16.165.2",
                        "ip route add 10.42.2.0/25 via 172.16.165.2",
                        "ip route del 10.42.2.0/24 via 172.16.165.2"),
                row(
                        "an altered route: its key may be another",
                        "10.42.2.0/24 via 172.16.165.2 (altered)",
                        "10.42.2.0/24 via 172.16.165.2",
                        "ip route del 10.42.2.0/24 via 172.16.165.2 (altered)",
                        "ip route add 10.42.2.0/24 via 172.16.165.2"),
                row(
                        "an altered one beside the right one",
                        "10.42.2.0/24 via 172.16.165.7 (altered)\n10.42.2.0/24 via 172.16.165.2",
                        "10.42.2.0/24 via 172.16.165.2",
                        "ip route del 10.42.2.0/24 via 172.16.165.7 (altered)"),
                row(
                        "two altered ones: both go before the key is written",
                        "10.42.2.0/24 via 172.16.165.7 (altered)\n10.42.2.0/24 via 172.16.165.8 (altered)",
                        "10.42.2.0/24 via 172.16.165.2",
                        "ip route del 10.42.2.0/24 via 172.16.165.7 (altered)",
                        "ip route del 10.42.2.0/24 via 172.16.165.8 (altered)",
                        "ip route add 10.42.2.0/24 via 172.16.165.2"),
                row(
                        "two altered alike, of metric 5 and 6: one deletion each",
                        "10.42.2.0/24 via 172.16.165.2 (altered)\n10.42.2.0/24 via 172.16.165.2 (altered)",
                        "10.42.2.0/24 via 172.16.165.2",
                        "ip route del 10.42.2.0/24 via 172.16.165.2 (altered)",
                        "ip route del 10.42.2.0/24 via 172.16.165.2 (altered)",
                        "ip route add 10.42.2.0/24 via 172.16.165.2"),
                row(
                        "the right one appended behind a wrong one",
                        "10.42.2.0/24 via 172.16.165.9\n10.42.2.0/24 via 172.16.165.2",
                        "10.42.2.0/24 via 172.16.165.2",
                        "ip route del 10.42.2.0/24 via 172.16.165.9"),
                row(
                        "two wrong ones of one key",
                        "10.42.2.0/24 via 172.16.165.8\n10.42.2.0/24 via 172.16.165.9",
                        "10.42.2.0/24 via 172.16.165.2",
                        "ip route del 10.42.2.0/24 via 172.16.165.9",
                        "ip route replace 10.42.2.0/24 via 172.16.165.2"));
    }

    static List<Arguments> rowsOfObjects() {
        return List.of(
                row(
                        "the object before its route",
                        "",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2",
                        "ip nexthop add id 5 via 172.16.165.2",
                        "ip route add 10.42.2.0/24 nhid 5 via 172.16.165.2"),
                row(
                        "the route before its object",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2",
                        "",
                        "ip route del 10.42.2.0/24 nhid 5 via 172.16.165.2",
                        "ip nexthop del id 5 via 172.16.165.2"),
                row(
                        "another gateway: one message for all routes",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2\n"
                                + "10.42.3.0/24 nhid 5 via 172.16.165.2",
                        "id 5 via 172.16.165.9\n10.42.2.0/24 nhid 5 via 172.16.165.9\n"
                                + "10.42.3.0/24 nhid 5 via 172.16.165.9",
                        "ip nexthop replace id 5 via 172.16.165.9"),
                row(
                        "an altered object moves its routes back",
                        "id 5 via 172.16.165.2 (altered)\n10.42.2.0/24 nhid 5 via 172.16.165.2 (altered)",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2",
                        "ip nexthop replace id 5 via 172.16.165.2",
                        "ip route del 10.42.2.0/24 nhid 5 via 172.16.165.2 (altered)",
                        "ip route add 10.42.2.0/24 nhid 5 via 172.16.165.2"),
                row(
                        "from a plain route to an object, in place",
                        "10.42.2.0/24 via 172.16.165.2",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2",
                        "ip nexthop add id 5 via 172.16.165.2",
                        "ip route replace 10.42.2.0/24 nhid 5 via 172.16.165.2"),
                row(
                        "from an object to a plain route, in place",
                        "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2",
                        "10.42.2.0/24 via 172.16.165.2",
                        "ip route replace 10.42.2.0/24 via 172.16.165.2",
                        "ip nexthop del id 5 via 172.16.165.2"),
                row(
                        "a prefix moves to another peer",
                        "id 5 via 172.16.165.2\nid 6 via 172.16.165.3\n10.42.2.0/24 nhid 5 via 172.16.165.2",
                        "id 5 via 172.16.165.2\nid 6 via 172.16.165.3\n10.42.2.0/24 nhid 6 via 172.16.165.3",
                        "ip route replace 10.42.2.0/24 nhid 6 via 172.16.165.3"),
                row("an object without routes", "id 5 via 172.16.165.2", "", "ip nexthop del id 5 via 172.16.165.2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"rows", "rowsOfObjects"})
    void theStepsAre(String what, String actual, String desired, List<String> steps) {
        assertThat(steps(actual, desired, RouteDiffTest::all)).containsExactlyElementsOf(steps);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"rows", "rowsOfObjects"})
    void whereNothingMayGoOnlyWantedDestinationsLoseARoute(
            String what, String actual, String desired, List<String> steps) {
        Set<String> wanted = Set.copyOf(Tables.of(desired).routes().stream()
                .map(route -> route.dst().toString())
                .toList());
        assertThat(steps(actual, desired, RouteDiffTest::none))
                .allMatch(step -> !step.startsWith("ip route del") || wanted.contains(step.split(" ", -1)[3]));
    }

    @Test
    void aKeptRouteKeepsTheObjectItRunsThrough() {
        String actual = """
                id 5 via 172.16.165.2
                id 6 via 172.16.165.3
                10.42.2.0/24 nhid 5 via 172.16.165.2
                10.42.3.0/24 nhid 6 via 172.16.165.3
                """;
        assertThat(steps(actual, "", dst -> dst.equals(Ipv4Prefix.parse("10.42.3.0/24"))))
                .containsExactly(
                        "ip route del 10.42.3.0/24 nhid 6 via 172.16.165.3", "ip nexthop del id 6 via 172.16.165.3");
    }

    @Test
    void anAlteredRouteThatMayNotGoKeepsItsObjectToo() {
        String actual = "id 5 via 172.16.165.2\n10.42.2.0/24 nhid 5 via 172.16.165.2 (altered)";
        assertThat(steps(actual, "", RouteDiffTest::none)).isEmpty();
    }
}
