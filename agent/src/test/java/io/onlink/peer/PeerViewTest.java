package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
    void theOrderOfArrivalNeverMattersAndNoTwoAdmittedPrefixesOverlap() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Advertisement> claims = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                int length = 20 + random.nextInt(9);
                Ipv4Prefix subnet = Ipv4Prefix.of(new Ipv4(0x0a2a0000 | random.nextInt(0x8000)), length);
                claims.add(Claims.one("n" + i + " 172.16.165." + (40 + i) + " " + subnet + " @" + random.nextInt(5)));
            }
            PeerView first = PeerView.of(Claims.atA(), claims);
            Collections.shuffle(claims, random);
            assertThat(PeerView.of(Claims.atA(), claims)).as("seed %d", seed).isEqualTo(first);
            List<Ipv4Prefix> admitted = first.peers().stream()
                    .flatMap(peer -> peer.subnets().stream())
                    .toList();
            for (Ipv4Prefix one : admitted) {
                assertThat(admitted.stream().filter(one::overlaps))
                        .as("seed %d", seed)
                        .containsExactly(one);
            }
        }
    }
}
