package io.onlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.Seeded;
import io.onlink.peer.Claims;
import io.onlink.peer.PeerView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredTableTest {
    private static final String B = "b 172.16.165.2 10.42.2.0/24 10.42.22.0/24";
    private static final String B_AND_C = B + "\nc 172.16.165.3 10.42.3.0/24";

    private static PeerView view(String claims) {
        return PeerView.of(Claims.atA(), Claims.of(claims));
    }

    private static String through(String claims, Dump dump) {
        return Tables.text(DesiredTable.throughNexthops(view(claims), dump));
    }

    @Test
    void aPlainTableHasARouteForEverySubnet() {
        assertThat(Tables.text(DesiredTable.plain(view(B_AND_C)))).isEqualTo("""
                10.42.2.0/24 via 172.16.165.2
                10.42.3.0/24 via 172.16.165.3
                10.42.22.0/24 via 172.16.165.2
                """);
        assertThat(DesiredTable.plain(PeerView.EMPTY)).isEqualTo(Table.EMPTY);
    }

    @Test
    void idsStartFarFromThoseOfOtherDaemonsAndAvoidAllThatAreTaken() {
        assertThat(through(B_AND_C, Tables.dump("id 114000002 via 172.16.165.99", 114000001L, 114000004L)))
                .isEqualTo("""
                        id 114000003 via 172.16.165.2
                        id 114000005 via 172.16.165.3
                        10.42.2.0/24 nhid 114000003 via 172.16.165.2
                        10.42.3.0/24 nhid 114000005 via 172.16.165.3
                        10.42.22.0/24 nhid 114000003 via 172.16.165.2
                        """);
    }

    @Test
    void aPeerKeepsTheObjectWithItsGatewayWhateverItsId() {
        assertThat(through(B, Tables.dump("id 3000000000 via 172.16.165.2"))).isEqualTo("""
                id 3000000000 via 172.16.165.2
                10.42.2.0/24 nhid 3000000000 via 172.16.165.2
                10.42.22.0/24 nhid 3000000000 via 172.16.165.2
                """);
    }

    @Test
    void aPeerWithAnotherNodeIpKeepsTheObjectItsRoutesRunThrough() {
        String actual = "id 7 via 172.16.165.77\n10.42.2.0/24 nhid 7 via 172.16.165.77";
        assertThat(through(B, Tables.dump(actual))).startsWith("id 7 via 172.16.165.2\n");
    }

    @Test
    void aGatewayOutweighsARoute() {
        String actual = """
                id 7 via 172.16.165.2
                id 8 via 172.16.165.3
                10.42.2.0/24 nhid 8 via 172.16.165.3
                10.42.3.0/24 nhid 7 via 172.16.165.2
                """;
        assertThat(through(B_AND_C, Tables.dump(actual)))
                .startsWith("id 7 via 172.16.165.2\nid 8 via 172.16.165.3\n10.42.2.0/24 nhid 7 ");
    }

    @Test
    void aPeerThatTakesOverAnothersNodeIpTakesItsObjectAndTheOtherGetsANewOne() {
        String actual = """
                id 7 via 172.16.165.2
                id 8 via 172.16.165.3
                10.42.2.0/24 nhid 7 via 172.16.165.2
                10.42.3.0/24 nhid 8 via 172.16.165.3
                """;
        assertThat(through("b 172.16.165.3 10.42.2.0/24\nc 172.16.165.9 10.42.3.0/24", Tables.dump(actual)))
                .isEqualTo("""
                        id 8 via 172.16.165.3
                        id 114000001 via 172.16.165.9
                        10.42.2.0/24 nhid 8 via 172.16.165.3
                        10.42.3.0/24 nhid 114000001 via 172.16.165.9
                        """);
    }

    @ParameterizedTest
    @CsvSource({"172.16.165.2", "172.16.165.77", "0.0.0.0"})
    void anAlteredObjectIsNotKept(String gateway) {
        String actual = "id 7 via " + gateway + " (altered)\n10.42.2.0/24 nhid 7 via " + gateway + " (altered)";
        assertThat(through(B, Tables.dump(actual))).startsWith("id 114000001 via 172.16.165.2\n");
    }

    @Test
    void aRouteThroughAForeignObjectLendsNoId() {
        Dump dump = Tables.dump("10.42.2.0/24 nhid 7 via 172.16.165.2 (altered)", 7L);
        assertThat(through(B, dump)).startsWith("id 114000001 via 172.16.165.2\n");
    }

    @Test
    void ofTwoObjectsWithOneGatewayOneIsKept() {
        assertThat(through(B, Tables.dump("id 7 via 172.16.165.2\nid 8 via 172.16.165.2")))
                .startsWith("id 7 via 172.16.165.2\n10.42.2.0/24");
    }

    @Test
    void whatIsDesiredIsDesiredAgainOnceItIsThereAndNoTwoPeersShareAnObject() {
        Seeded.cases(300, random -> {
            Drift drift = new Drift(random, "tunl0");
            Table before = DesiredTable.throughNexthops(view(drift.claims()), Tables.dump(""));
            PeerView view = view(drift.claims());
            Table desired = DesiredTable.throughNexthops(view, Tables.dump(Tables.text(before), 114000002L));
            Set<Long> ids = new HashSet<>(List.of(114000002L));
            assertThat(desired.nexthops())
                    .hasSameSizeAs(view.peers())
                    .allMatch(nexthop -> before.nexthops().contains(nexthop) || ids.add(nexthop.id()));
            Dump after = Tables.dump(Tables.text(desired), 114000002L);
            assertThat(DesiredTable.throughNexthops(view, after)).isEqualTo(desired);
        });
    }
}
