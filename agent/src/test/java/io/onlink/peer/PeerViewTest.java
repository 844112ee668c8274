package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerViewTest {
    private static String peers(PeerView view) {
        return view.peers().stream()
                .map(peer -> peer.name() + " " + peer.nodeIp() + " " + peer.subnets() + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void theSeedPagesNodesAreAdmitted() {
        PeerView view =
                PeerView.of(Claims.atA(), Claims.of("b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24"));
        assertThat(peers(view)).isEqualTo("b 172.16.165.244 [10.42.2.0/24]\nc 172.16.168.113 [10.42.3.0/24]\n");
        assertThat(view.rejections()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "b 172.16.165.244 0.0.0.0/0,          OUTSIDE_OVERLAY",
        "b 172.16.165.244 10.0.0.0/8,         OUTSIDE_OVERLAY",
        "b 172.16.165.244 192.168.7.0/24,     OUTSIDE_OVERLAY",
        "b 172.16.165.244 172.16.165.0/25,    OUTSIDE_OVERLAY",
        "b 172.16.165.244 10.42.1.0/24,       OWN_SUBNET",
        "b 172.16.165.244 10.42.1.128/25 @9,  OWN_SUBNET",
        "b 172.16.165.244 10.42.0.0/16 @9,    OWN_SUBNET",
        "b 172.16.165.244 10.42.0.0/20 @0,    OWN_SUBNET",
        "b 172.16.165.33 10.42.2.0/24,        NODE_IP",
        "b 127.0.0.1 10.42.2.0/24,            NODE_IP",
        "b 224.0.0.5 10.42.2.0/24,            NODE_IP",
        "a 172.16.165.99 10.42.2.0/24,        OWN_NAME",
    })
    void aBadClaimIsRefusedWithItsReason(String claim, Rejection.Reason reason) {
        PeerView view = PeerView.of(Claims.atA(), Claims.of(claim));
        assertThat(view.peers()).isEmpty();
        assertThat(view.rejections()).extracting(Rejection::reason).containsExactly(reason);
    }

    @Test
    void aClaimThatCoversTheUnderlayANodeOrASeedIsRefused() {
        Surroundings here = new Surroundings(
                Claims.one("a 10.1.0.1 10.42.1.0/24"),
                new Rules(List.of(Ipv4Prefix.parse("10.0.0.0/8")), 8, Optional.empty()),
                Set.of(Ipv4Prefix.parse("10.1.0.0/24")),
                Set.of(Ipv4.parse("10.9.9.9")));
        PeerView view = PeerView.of(here, Claims.of("""
                        b 10.1.0.2 10.1.0.128/25
                        c 10.1.0.3 10.9.9.0/24
                        d 10.7.0.4 10.42.4.0/24
                        e 10.1.0.5 10.7.0.0/16
                        """));
        assertThat(peers(view)).isEqualTo("d 10.7.0.4 [10.42.4.0/24]\n");
        assertThat(view.rejections())
                .extracting(Rejection::text)
                .containsExactly(
                        "10.1.0.128/25 overlaps the connected 10.1.0.0/24",
                        "10.9.9.0/24 holds 10.9.9.9, a gateway, a seed or this host",
                        "10.7.0.0/16 holds the node IP 10.7.0.4");
    }

    @Test
    void theIncumbentKeepsAContestedPrefixAndAnUnrankedClaimLoses() {
        PeerView view = PeerView.of(Claims.atA(), Claims.of("""
                        b 172.16.165.11 10.42.2.0/24 @0
                        c 172.16.165.12 10.42.2.0/25 @5
                        d 172.16.165.13 10.42.2.128/25 10.42.4.0/24 @4
                        """));
        assertThat(peers(view))
                .isEqualTo("c 172.16.165.12 [10.42.2.0/25]\nd 172.16.165.13 [10.42.2.128/25, 10.42.4.0/24]\n");
        assertThat(view.rejections()).extracting(Rejection::reason).containsExactly(Rejection.Reason.CONTESTED);
    }

    @Test
    void aNewcomersNodeIpInsideASubnetTakesNobodysRoute() {
        PeerView view = PeerView.of(Claims.atA(), Claims.of("""
                        b 172.16.165.11 10.42.2.0/24 @2
                        c 10.42.2.7 10.42.3.0/24 @3
                        """));
        assertThat(peers(view)).isEqualTo("b 172.16.165.11 [10.42.2.0/24]\n");
        assertThat(view.rejections())
                .containsExactly(new Rejection(
                        "c", Rejection.Reason.NODE_IP, "node IP 10.42.2.7 is inside 10.42.2.0/24 of an older claim"));
    }

    @Test
    void aSubnetAroundAnOlderPeersNodeIpIsRefused() {
        PeerView view = PeerView.of(Claims.atA(), Claims.of("""
                        b 10.42.9.9 10.42.2.0/24 @2
                        c 172.16.165.12 10.42.9.0/24 10.42.3.0/24 @3
                        """));
        assertThat(peers(view)).isEqualTo("b 10.42.9.9 [10.42.2.0/24]\nc 172.16.165.12 [10.42.3.0/24]\n");
    }

    @Test
    void aSubnetAroundItsOwnNodeIpIsRefused() {
        PeerView view = PeerView.of(Claims.atA(), Claims.of("b 10.42.2.7 10.42.2.0/24"));
        assertThat(peers(view)).isEmpty();
    }

    @Test
    void twoPeersWithOneNodeIpAreTheOlderOne() {
        PeerView view = PeerView.of(Claims.atA(), Claims.of("""
                        b 172.16.165.11 10.42.2.0/24 @3
                        c 172.16.165.11 10.42.3.0/24 @2
                        """));
        assertThat(peers(view)).isEqualTo("c 172.16.165.11 [10.42.3.0/24]\n");
        assertThat(view.rejections())
                .containsExactly(new Rejection(
                        "b", Rejection.Reason.NODE_IP, "node IP 172.16.165.11 is that of an older claim"));
    }

    /** b is older than a, whose view this is: what b owns elsewhere it owns here, though a will not route to it. */
    @Test
    void anOlderClaimAroundOurSubnetIsRefusedHereAndStillKeepsOthersOut() {
        PeerView view = PeerView.of(
                new Surroundings(
                        Claims.one("a 172.16.165.33 10.42.1.0/24 @5"),
                        new Rules(List.of(Ipv4Prefix.parse("10.42.0.0/16")), 8, Optional.empty()),
                        Set.of(),
                        Set.of()),
                Claims.of("""
                        b 172.16.165.11 10.42.0.0/17 @2
                        c 172.16.165.12 10.42.5.0/24 @7
                        """));
        assertThat(peers(view)).isEmpty();
        assertThat(view.rejections())
                .containsExactly(
                        new Rejection(
                                "a",
                                Rejection.Reason.CONTESTED,
                                "10.42.1.0/24 overlaps 10.42.0.0/17 of an older claim"),
                        new Rejection(
                                "b", Rejection.Reason.OWN_SUBNET, "10.42.0.0/17 overlaps this node's 10.42.1.0/24"),
                        new Rejection(
                                "c",
                                Rejection.Reason.CONTESTED,
                                "10.42.5.0/24 overlaps 10.42.0.0/17 of an older claim"));
    }

    @Test
    void moreMembersThanTheLimitAreRefusedYoungestFirst() {
        List<Advertisement> claims = new ArrayList<>();
        for (int i = 0; i < PeerView.MAX_MEMBERS + 2; i++) {
            Ipv4 nodeIp = new Ipv4(0xac110000 + i);
            claims.add(Claims.one("n" + i + " " + nodeIp + " 10.42.255." + (i & 255) + "/32 @" + (i + 1)));
        }
        PeerView view = PeerView.of(
                new Surroundings(
                        Claims.one("a 172.16.165.33 10.42.1.0/24 @0"),
                        new Rules(List.of(Ipv4Prefix.parse("10.42.0.0/16")), 8, Optional.empty()),
                        Set.of(),
                        Set.of()),
                claims);
        assertThat(view.rejections())
                .filteredOn(rejection -> rejection.reason() == Rejection.Reason.TOO_MANY)
                .extracting(Rejection::member)
                .containsExactly("a", "n10001");
        assertThat(view.peers()).hasSize(256);
    }

    @Test
    void theLabelsOfReasonsAreLowerCaseWords() {
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            assertThat(reason.label()).matches("[a-z]+(_[a-z]+)*");
        }
    }
}
