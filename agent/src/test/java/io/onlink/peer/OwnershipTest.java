package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.Seeded;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who owns what, in random meshes whose claims overlap a lot. */
class OwnershipTest {
    private static final List<Ipv4Prefix> OVERLAY = List.of(Ipv4Prefix.parse("10.42.0.0/16"));

    /** Node IPs are shared by chance, and some lie inside subnets; seniorities tie. */
    private static List<Advertisement> mesh(Random random, int nodes) {
        List<Advertisement> claims = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            boolean inOverlay = random.nextInt(8) == 0;
            Ipv4 nodeIp =
                    new Ipv4(inOverlay ? 0x0a2a0000 | random.nextInt(0x8000) : 0xac10a500 | 1 + random.nextInt(40));
            StringBuilder subnets = new StringBuilder();
            for (int n = random.nextInt(3); n >= 0; n--) {
                int length = 17 + random.nextInt(12);
                subnets.append(' ').append(Ipv4Prefix.of(new Ipv4(0x0a2a0000 | random.nextInt(0x8000)), length));
            }
            claims.add(Claims.one("n" + i + " " + nodeIp + subnets + " @" + (1 + random.nextInt(nodes))));
        }
        return claims;
    }

    private static PeerView at(Advertisement self, List<Advertisement> all) {
        List<Advertisement> others =
                all.stream().filter(claim -> !claim.equals(self)).toList();
        return PeerView.of(new Surroundings(self, OVERLAY, Set.of(), Set.of()), others);
    }

    private static Map<Ipv4Prefix, NodeName> owners(PeerView view) {
        Map<Ipv4Prefix, NodeName> owners = new HashMap<>();
        view.peers().forEach(peer -> peer.subnets().forEach(subnet -> owners.put(subnet, peer.name())));
        return owners;
    }

    @Test
    void theOrderOfArrivalNeverMatters() {
        Seeded.cases(300, random -> {
            List<Advertisement> claims = mesh(random, 20);
            PeerView first = PeerView.of(Claims.atA(), claims);
            for (int i = 0; i < 3; i++) {
                Collections.shuffle(claims, random);
                assertThat(PeerView.of(Claims.atA(), claims)).isEqualTo(first);
            }
        });
    }

    @Test
    void noTwoAdmittedPrefixesOverlapAndNoneHoldsAnAdmittedGateway() {
        Seeded.cases(300, random -> {
            PeerView view = PeerView.of(Claims.atA(), mesh(random, 30));
            List<Ipv4Prefix> admitted = view.peers().stream()
                    .flatMap(peer -> peer.subnets().stream())
                    .toList();
            for (Ipv4Prefix one : admitted) {
                assertThat(admitted.stream().filter(one::overlaps)).containsExactly(one);
                assertThat(view.peers()).noneMatch(peer -> one.contains(peer.nodeIp()));
            }
            assertThat(view.peers().stream().map(Peer::nodeIp)).doesNotHaveDuplicates();
        });
    }

    @Test
    void everySubnetIsEitherAdmittedOrRefusedWithAReason() {
        Seeded.cases(200, random -> {
            List<Advertisement> claims = mesh(random, 20);
            PeerView view = PeerView.of(Claims.atA(), claims);
            Set<String> refused =
                    view.rejections().stream().map(Rejection::member).collect(Collectors.toSet());
            for (Advertisement claim : claims) {
                List<Ipv4Prefix> admitted = view.peers().stream()
                        .filter(peer -> peer.name().equals(claim.name()))
                        .flatMap(peer -> peer.subnets().stream())
                        .toList();
                assertThat(claim.subnets()).containsAll(admitted);
                assertThat(refused.contains(claim.name().text()))
                        .as(claim.toString())
                        .isEqualTo(admitted.size() < claim.subnets().size());
            }
        });
    }

    /** Two nodes may differ only in what touches themselves. */
    @Test
    void everyNodeOfTheMeshAgreesOnWhoOwnsWhat() {
        Seeded.cases(200, random -> {
            List<Advertisement> all = mesh(random, 12);
            for (Advertisement one : all) {
                Map<Ipv4Prefix, NodeName> seenByOne = owners(at(one, all));
                for (Advertisement other : all) {
                    Map<Ipv4Prefix, NodeName> seenByOther = owners(at(other, all));
                    seenByOne.forEach((subnet, owner) -> {
                        if (!concerns(other, subnet, owner, all)) {
                            assertThat(seenByOther)
                                    .as("%s at %s and %s", subnet, one.name(), other.name())
                                    .containsEntry(subnet, owner);
                        }
                    });
                }
            }
        });
    }

    private static boolean concerns(Advertisement node, Ipv4Prefix subnet, NodeName owner, List<Advertisement> all) {
        Advertisement of = all.stream()
                .filter(claim -> claim.name().equals(owner))
                .findFirst()
                .orElseThrow();
        return of.equals(node)
                || of.nodeIp().equals(node.nodeIp())
                || subnet.contains(node.nodeIp())
                || node.subnets().stream().anyMatch(subnet::overlaps);
    }

    @Test
    void aNewcomerRankedLastTakesNothingFromAnybody() {
        Seeded.cases(300, random -> {
            List<Advertisement> mesh = mesh(random, 15);
            Map<Ipv4Prefix, NodeName> before = owners(PeerView.of(Claims.atA(), mesh));
            Advertisement drawn = mesh(random, 1).get(0);
            mesh.add(new Advertisement(
                    new NodeName("zz"), 7, 1, drawn.nodeIp(), 5114, drawn.subnets(), random.nextInt(2) * 99L, "test"));
            assertThat(owners(PeerView.of(Claims.atA(), mesh))).containsAllEntriesOf(before);
        });
    }
}
