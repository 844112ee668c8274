package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.grant.Grants;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who owns what is the same at every node, whatever the order in which it heard of the claims. */
class ContestTest {
    private static final List<Ipv4Prefix> OVERLAY = List.of(Ipv4Prefix.parse("10.42.0.0/16"));
    private static final Rules OPEN = new Rules(OVERLAY, 18, Optional.empty());
    private static final int SETS = 400;

    private static Map<NodeName, List<Ipv4Prefix>> owned(SortedMap<NodeName, Peer> owners) {
        Map<NodeName, List<Ipv4Prefix>> owned = new TreeMap<>();
        owners.forEach((name, peer) -> owned.put(name, peer.subnets()));
        return owned;
    }

    /**
     * Up to 20 claims that get in each other's way: equal, more and less specific prefixes, shared names and node IPs,
     * node IPs inside subnets, unranked and equally ranked ones, prefixes too short and outside.
     */
    private static List<Advertisement> tangle(Random random) {
        List<Advertisement> claims = new ArrayList<>();
        int count = 2 + random.nextInt(19);
        for (int i = 0; i < count; i++) {
            String name = "n" + random.nextInt(count);
            boolean inside = random.nextInt(8) == 0;
            Ipv4 ip =
                    inside ? new Ipv4(0x0a2a0001 + random.nextInt(0x1000)) : new Ipv4(0xac10a501 + random.nextInt(20));
            Set<Ipv4Prefix> subnets = new java.util.TreeSet<>();
            for (int s = random.nextInt(3); s >= 0; s--) {
                int base = random.nextInt(20) == 0 ? 0x0a2b0000 : 0x0a2a0000;
                subnets.add(Ipv4Prefix.of(new Ipv4(base | random.nextInt(0x1000)), 17 + random.nextInt(12)));
            }
            claims.add(new Advertisement(
                    new NodeName(name),
                    i + 1,
                    1 + random.nextInt(2),
                    ip,
                    5114,
                    List.copyOf(subnets),
                    random.nextInt(4),
                    "test"));
        }
        return claims;
    }

    @Test
    void everyOrderOfArrivalGivesTheSameOwnersAndTheSameRefusals() {
        for (int seed = 0; seed < SETS; seed++) {
            Random random = new Random(seed);
            List<Advertisement> claims = tangle(random);
            Ownership first = Ownership.of(OPEN, claims, Set.of());
            for (int i = 0; i < 5; i++) {
                Collections.shuffle(claims, random);
                Ownership again = Ownership.of(OPEN, claims, Set.of());
                assertThat(again.owners()).as("seed %d", seed).isEqualTo(first.owners());
                assertThat(again.rejections())
                        .as("seed %d", seed)
                        .containsExactlyInAnyOrderElementsOf(first.rejections());
            }
        }
    }

    @Test
    void everyNodeDecidesAlikeWhicheverOfTheClaimsIsItsOwn() {
        for (int seed = 0; seed < SETS; seed++) {
            List<Advertisement> claims = tangle(new Random(seed));
            Map<NodeName, List<Ipv4Prefix>> owned =
                    owned(Ownership.of(OPEN, claims, Set.of()).owners());
            for (Advertisement self : claims) {
                List<Advertisement> others =
                        claims.stream().filter(claim -> !claim.equals(self)).toList();
                PeerView view = PeerView.of(new Surroundings(self, OPEN, Set.of(), Set.of()), others);
                for (Peer peer : view.peers()) {
                    assertThat(owned.get(peer.name()))
                            .as("seed %d, %s at %s", seed, peer.name(), self.name())
                            .containsAll(peer.subnets());
                }
                // What an owner has not got here, this node has refused for its own sake, and said so.
                owned.forEach((name, subnets) -> subnets.stream()
                        .filter(subnet -> !name.equals(self.name()) && !has(view, name, subnet))
                        .forEach(subnet -> assertThat(view.rejections())
                                .as("%s of %s at %s", subnet, name, self.name())
                                .anyMatch(r -> r.member().equals(name.text()) && isLocal(r))));
            }
        }
    }

    private static boolean has(PeerView view, NodeName name, Ipv4Prefix subnet) {
        return view.peers().stream()
                .anyMatch(peer -> peer.name().equals(name) && peer.subnets().contains(subnet));
    }

    private static boolean isLocal(Rejection rejection) {
        return rejection.text().contains("this node's") || rejection.text().contains("this host");
    }

    @Test
    void nothingThatIsOwnedOverlapsAnythingElseThatIsOwnedOrHoldsANodeIp() {
        for (int seed = 0; seed < SETS; seed++) {
            SortedMap<NodeName, Peer> owners =
                    Ownership.of(OPEN, tangle(new Random(seed)), Set.of()).owners();
            List<Ipv4Prefix> all =
                    owners.values().stream().flatMap(p -> p.subnets().stream()).toList();
            for (Ipv4Prefix one : all) {
                assertThat(all.stream().filter(one::overlaps))
                        .as("seed %d", seed)
                        .containsExactly(one);
                assertThat(owners.values()).as("seed %d", seed).noneMatch(p -> one.contains(p.nodeIp()));
                assertThat(one.length()).isGreaterThanOrEqualTo(18);
            }
            assertThat(owners.values().stream().map(Peer::nodeIp)).doesNotHaveDuplicates();
        }
    }

    @Test
    void anIncumbentKeepsEverythingWhateverANewcomerClaimsAndInWhateverOrderItIsHeard() {
        for (int seed = 0; seed < SETS; seed++) {
            Random random = new Random(seed);
            List<Advertisement> claims = new ArrayList<>();
            for (Advertisement claim : tangle(random)) {
                claims.add(claim.ranked(claim.generation(), 1 + random.nextInt(4)));
            }
            Map<NodeName, Peer> before = Ownership.of(OPEN, claims, Set.of()).owners();
            for (Advertisement late : tangle(random)) {
                NodeName fresh = new NodeName("late-" + late.name());
                long seniority = random.nextBoolean() ? 0 : 9 + random.nextInt(3);
                claims.add(new Advertisement(
                        fresh, late.boot(), 1, late.nodeIp(), 5114, late.subnets(), seniority, "test"));
            }
            Collections.shuffle(claims, random);
            assertThat(Ownership.of(OPEN, claims, Set.of()).owners())
                    .as("seed %d", seed)
                    .containsAllEntriesOf(before);
        }
    }

    @Test
    void theLoserSeesThatItLostAndWhy() {
        PeerView atLoser = PeerView.of(
                new Surroundings(Claims.one("b 172.16.165.244 10.42.2.0/24 @2"), OPEN, Set.of(), Set.of()),
                Claims.of("c 172.16.168.113 10.42.2.128/25 @1"));
        assertThat(atLoser.peers()).isEmpty();
        assertThat(atLoser.rejections())
                .extracting(r -> r.member() + " " + r.reason().label() + " " + r.text())
                .containsExactly(
                        "b contested 10.42.2.0/24 overlaps 10.42.2.128/25 of an older claim",
                        "c own_subnet 10.42.2.128/25 overlaps this node's 10.42.2.0/24");
    }

    @Test
    void aNodeIpPutIntoAnIncumbentsSubnetCostsTheIncumbentNothing() {
        Ownership decided = Ownership.of(OPEN, Claims.of("""
                        b 172.16.165.244 10.42.2.0/24 @1
                        x 10.42.2.7 10.42.9.0/24 @2
                        """), Set.of());
        assertThat(decided.owners().keySet()).extracting(NodeName::text).containsExactly("b");
        assertThat(decided.rejections())
                .extracting(Rejection::text)
                .containsExactly("node IP 10.42.2.7 is inside 10.42.2.0/24 of an older claim");
    }

    private static Advertisement with(String line, String grant) {
        Advertisement claim = Claims.one(line);
        return new Advertisement(
                claim.name(),
                claim.boot(),
                claim.generation(),
                claim.nodeIp(),
                5114,
                claim.subnets(),
                claim.seniority(),
                "test",
                grant.isEmpty()
                        ? io.onlink.grant.GrantToken.NONE
                        : Grants.of("ours").token(grant));
    }

    @Test
    void withAnAuthorityOnlyAGrantedClaimCountsHoweverOldTheOthersSayTheyAre() {
        Rules signed = new Rules(OVERLAY, 18, Optional.of(Grants.of("ours").authority()));
        String b = "b 172.16.165.244 10.42.2.0/24";
        Advertisement stolen = with("x 172.16.165.66 10.42.2.0/24 @1", b);
        Advertisement twin = with("b 172.16.165.66 10.42.2.0/24 @1", b);
        List<Advertisement> claims = new ArrayList<>(List.of(
                with(b + " @9", b),
                with("y 172.16.165.67 10.42.2.0/24 @1", ""),
                with("z 172.16.165.68 10.42.2.0/24 @1", "z 172.16.165.68 10.42.3.0/24"),
                stolen,
                new Advertisement(twin.name(), 99, 99, twin.nodeIp(), 5114, twin.subnets(), 1, "test", twin.grant())));
        Ownership decided = Ownership.of(signed, claims, Set.of());
        assertThat(decided.owners().values())
                .extracting(p -> p.name() + " via " + p.nodeIp() + " " + p.subnets())
                .containsExactly("b via 172.16.165.244 [10.42.2.0/24]");
        assertThat(decided.rejections().stream()
                        .map(r -> r.member() + " " + r.reason().label() + " " + r.text())
                        .sorted()
                        .collect(Collectors.joining("\n")))
                .isEqualTo("""
                        b grant_exceeded the grant is for node IP [172.16.165.244], not 172.16.165.66
                        x grant_exceeded the grant is for node b
                        y grant_missing node IP 172.16.165.67 shows no grant
                        z grant_exceeded the grant is for [10.42.3.0/24], not 10.42.2.0/24""");
    }
}
