package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The mass-departure guard: nine peers, n1 and n2 seeds, on an underlay that the test cuts. */
class GuardTest {
    private static final List<Advertisement> ALL = IntStream.rangeClosed(1, 9)
            .mapToObj(i -> Claims.one("n" + i + " 172.16.165." + i + " 10.42." + i + ".0/24"))
            .toList();

    private final Set<Ipv4> seeds = Set.of(Ipv4.parse("172.16.165.1"), Ipv4.parse("172.16.165.2"));
    private Roster roster = roster(seeds, 50);
    private Predicate<String> up = name -> true;
    private long now;

    private static Roster roster(Set<Ipv4> seeds, int share) {
        return new Roster(new Roster.Policy(Duration.ofSeconds(60), claim -> true, seeds, share));
    }

    private void gossip(Predicate<String> alive) {
        List<Advertisement> members =
                ALL.stream().filter(ad -> alive.test(ad.name().text())).toList();
        roster.gossip(new Gossip(members, Set.of(), List.of(), true), now);
    }

    /** Asks whom the roster wants asked, and has the hosts that are up answer first. */
    private void ask(double seconds) {
        now += Duration.ofMillis((long) (seconds * 1000)).toNanos();
        roster.expire(now);
        List<Advertisement> due = new ArrayList<>(roster.probesDue(now));
        for (boolean answer : new boolean[] {true, false}) {
            due.stream()
                    .filter(ad -> up.test(ad.name().text()) == answer)
                    .forEach(ad -> roster.probed(ad.name(), ad.boot(), answer ? Verdict.ANSWERED : Verdict.SILENT));
        }
    }

    private static Predicate<String> only(String... names) {
        return List.of(names)::contains;
    }

    private List<String> names(Collection<Advertisement> ads) {
        return ads.stream().map(ad -> ad.name().text()).sorted().toList();
    }

    @Test
    void oneDeadHostGoesAsSoonAsItIsSilentForTheSeedsAnswer() {
        gossip(any -> true);
        up = name -> !name.equals("n7");
        gossip(up);
        ask(0);
        assertThat(names(roster.members())).hasSize(8).doesNotContain("n7");
        assertThat(roster.news()).containsExactly(new Roster.News(new NodeName("n7"), false));
        assertThat(roster.guarded()).isZero();
    }

    @Test
    void aHostThatIsCutOffKeepsAllRoutesFromTheFirstLossOnForAsLongAsItLasts() {
        gossip(any -> true);
        up = name -> false;
        gossip(name -> !name.equals("n7"));
        ask(0);
        assertThat(roster.guarded()).isOne();
        assertThat(roster.members()).hasSize(9);
        gossip(only("n4"));
        ask(2);
        gossip(any -> false);
        ask(2);
        ask(3600);
        assertThat(roster.members()).hasSize(9);
        assertThat(roster.guarded()).isEqualTo(9);
        assertThat(roster.news()).isEmpty();
    }

    /** The silence of each takes a while to show, and gossip loses one after the other: out of step with the period. */
    @Test
    void aCutOffHostThatLosesItsPeersOneByOneKeepsThemHoweverShortTheHold() {
        List<Advertisement> three = ALL.subList(3, 6);
        roster = new Roster(new Roster.Policy(Duration.ofSeconds(1), claim -> true, seeds, 50));
        roster.gossip(new Gossip(three, Set.of(), List.of(), true), 0);
        Map<Advertisement, Integer> silentAt = new HashMap<>();
        for (int tenth = 0; tenth < 150; tenth++) {
            now = Duration.ofMillis(tenth * 100L).toNanos();
            if (tenth % 9 == 0 && tenth <= 18) {
                List<Advertisement> left = three.subList(tenth / 9 + 1, 3);
                roster.gossip(new Gossip(left, Set.of(), List.of(), true), now);
            }
            for (Advertisement peer : three) {
                if (silentAt.getOrDefault(peer, -1) == tenth) {
                    roster.probed(peer.name(), peer.boot(), Verdict.SILENT);
                }
            }
            roster.expire(now);
            for (Advertisement asked : roster.probesDue(now)) {
                silentAt.put(asked, tenth + 16);
            }
            assertThat(roster.members()).as("after %d ms", tenth * 100).hasSize(3);
        }
        assertThat(roster.guarded()).isEqualTo(3);
    }

    @Test
    void whenTheCutHealsThoseThatAreReallyGoneGo() {
        aHostThatIsCutOffKeepsAllRoutesFromTheFirstLossOnForAsLongAsItLasts();
        up = only("n1", "n2", "n3");
        ask(2);
        assertThat(roster.guarded()).isZero();
        assertThat(roster.members()).hasSize(9);
        ask(0);
        assertThat(names(roster.members())).containsExactly("n1", "n2", "n3");
    }

    @Test
    void aPeerThatComesBackEndsTheGuardToo() {
        aHostThatIsCutOffKeepsAllRoutesFromTheFirstLossOnForAsLongAsItLasts();
        up = any -> true;
        gossip(only("n5"));
        assertThat(roster.guarded()).isZero();
        ask(0);
        assertThat(roster.members()).hasSize(9);
        assertThat(roster.held()).isEqualTo(8);
    }

    /** Their hosts were replaced at once, names kept, state and addresses not, so that the new runs count as the older. */
    @Test
    void itEndsWhenTheLostAreBackAtOtherAddressesThoughTheirCountingBeganAnew() {
        roster = roster(Set.of(), 50);
        List<Advertisement> before = again("172.16.165.", 5);
        List<Advertisement> after = again("172.16.166.", 1);
        roster.gossip(new Gossip(before, Set.of(), List.of(), true), now);
        up = name -> false;
        roster.gossip(new Gossip(List.of(), Set.of(), List.of(), true), now);
        ask(0);
        assertThat(roster.guarded()).isEqualTo(3);
        roster.gossip(new Gossip(after, Set.of(), List.of(), true), now);
        assertThat(roster.guarded()).isZero();
        assertThat(roster.credible()).containsExactlyInAnyOrderElementsOf(after);
    }

    @Test
    void itDoesNotBeginWhereTheyWereBackBeforeTheirFormerHostsWereFoundSilent() {
        roster = roster(Set.of(), 50);
        List<Advertisement> after = again("172.16.166.", 1);
        roster.gossip(new Gossip(again("172.16.165.", 5), Set.of(), List.of(), true), now);
        roster.gossip(new Gossip(after, Set.of(), List.of(), true), now);
        up = name -> false;
        ask(0);
        assertThat(roster.guarded()).isZero();
        assertThat(roster.credible()).containsExactlyInAnyOrderElementsOf(after);
        assertThat(roster.news()).isEmpty();
    }

    private static List<Advertisement> again(String network, int generation) {
        return ALL.subList(0, 3).stream()
                .map(ad -> new Advertisement(
                        ad.name(),
                        10L * generation + ad.boot(),
                        generation,
                        Ipv4.parse(network + ad.name().text().substring(1)),
                        5114,
                        ad.subnets(),
                        ad.seniority(),
                        "test"))
                .toList();
    }

    @Test
    void theGuardEndsWhenNewMembersAnswerThoughTheSeedsAreGoneForGood() {
        aHostThatIsCutOffKeepsAllRoutesFromTheFirstLossOnForAsLongAsItLasts();
        List<Advertisement> fresh = IntStream.rangeClosed(1, 12)
                .mapToObj(i -> Claims.one("f" + i + " 172.16.166." + i + " 10.43." + i + ".0/24"))
                .toList();
        up = name -> name.startsWith("f");
        roster.gossip(new Gossip(fresh.subList(0, 8), Set.of(), List.of(), true), now);
        ask(2);
        assertThat(roster.guarded()).isEqualTo(9);
        roster.gossip(new Gossip(fresh, Set.of(), List.of(), true), now);
        ask(2);
        ask(0);
        assertThat(roster.guarded()).isZero();
        assertThat(names(roster.members())).hasSize(12).allMatch(up);
    }

    @Test
    void whileNobodyCanBeAskedTheGuardStands() {
        aHostThatIsCutOffKeepsAllRoutesFromTheFirstLossOnForAsLongAsItLasts();
        now += Roster.PROBE_PERIOD.toNanos();
        roster.probesDue(now).forEach(ad -> roster.probed(ad.name(), ad.boot(), Verdict.NOT_ASKED));
        assertThat(roster.guarded()).isEqualTo(9);
    }

    @Test
    void aQuestionFromBeforeTheHealIsPutAfresh() {
        aHostThatIsCutOffKeepsAllRoutesFromTheFirstLossOnForAsLongAsItLasts();
        now += Roster.PROBE_PERIOD.toNanos();
        assertThat(roster.probesDue(now)).hasSize(9);
        gossip(only("n5"));
        assertThat(names(roster.probesDue(now))).hasSize(9);
        assertThat(roster.members()).hasSize(9);
    }

    @Test
    void lossesInARowDoNotPutOffTheAnswerOfTheFirst() {
        gossip(any -> true);
        gossip(name -> !name.equals("n7"));
        assertThat(names(roster.probesDue(now))).hasSize(9);
        gossip(name -> !List.of("n7", "n8").contains(name));
        assertThat(names(roster.probesDue(now))).containsExactly("n8");
        ALL.forEach(ad -> roster.probed(
                ad.name(),
                ad.boot(),
                List.of("n7", "n8").contains(ad.name().text()) ? Verdict.SILENT : Verdict.ANSWERED));
        assertThat(names(roster.members())).hasSize(7).doesNotContain("n7", "n8");
    }

    @Test
    void aMassDeathThatASeedWitnessesIsBelieved() {
        gossip(any -> true);
        up = only("n2", "n3");
        gossip(up);
        ask(0);
        assertThat(names(roster.members())).containsExactly("n2", "n3");
    }

    @Test
    void withoutASeedToAskALesserShareIsBelievedAndAGreaterIsNot() {
        gossip(any -> true);
        up = name -> !List.of("n1", "n2", "n3", "n4").contains(name);
        gossip(up);
        ask(0);
        assertThat(roster.members()).hasSize(5);

        roster = roster(seeds, 50);
        up = any -> true;
        gossip(any -> true);
        up = name -> !List.of("n1", "n2", "n3", "n4", "n5").contains(name);
        gossip(up);
        ask(0);
        assertThat(roster.guarded()).isEqualTo(5);
    }

    @Test
    void whereNoSeedIsAMemberAnybodysAnswerIsAWitness() {
        roster = roster(Set.of(), 50);
        gossip(any -> true);
        up = only("n9");
        gossip(up);
        ask(0);
        assertThat(names(roster.members())).containsExactly("n9");
    }

    @Test
    void aSeedThatIsKnownLaterIsAWitnessToo() {
        Set<Ipv4> resolved = new HashSet<>(Set.of(Ipv4.parse("172.16.165.2")));
        roster = new Roster(new Roster.Policy(Duration.ofSeconds(60), claim -> true, () -> resolved, 50));
        gossip(any -> true);
        up = only("n1");
        gossip(up);
        ask(0);
        assertThat(roster.guarded()).isEqualTo(8);
        resolved.add(Ipv4.parse("172.16.165.1"));
        ask(2);
        ask(0);
        assertThat(names(roster.members())).containsExactly("n1");
    }

    @Test
    void atAHundredPerCentThereIsNoGuard() {
        roster = roster(seeds, 100);
        gossip(any -> true);
        up = any -> false;
        gossip(any -> false);
        ask(0);
        assertThat(roster.members()).isEmpty();
    }

    @Test
    void announcedLeavesAreBelievedHoweverMany() {
        gossip(any -> true);
        Set<Long> boots = Set.copyOf(ALL.stream().map(Advertisement::boot).toList());
        roster.gossip(new Gossip(List.of(), boots, List.of(), true), now);
        assertThat(roster.members()).isEmpty();
        assertThat(roster.left()).isEqualTo(9);
    }

    @Test
    void aHoldShorterThanTheQuestionTakesWaitsForTheAnswer() {
        roster = new Roster(new Roster.Policy(Duration.ofSeconds(1), claim -> true, seeds, 50));
        gossip(any -> true);
        gossip(any -> false);
        List<Advertisement> asked = roster.probesDue(now);
        now += Duration.ofMillis(1400).toNanos();
        roster.expire(now);
        asked.forEach(ad -> roster.probed(ad.name(), ad.boot(), Verdict.SILENT));
        assertThat(roster.guarded()).isEqualTo(9);
    }

    @Test
    void atMostSixteenWitnessesAreAskedAndSeedsAreAmongThem() {
        List<Advertisement> many = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> Claims.one("m" + i + " 172.16.165." + i + " 10.42." + i + ".0/24"))
                .toList();
        roster.gossip(new Gossip(many, Set.of(), List.of(), true), 0);
        roster.gossip(new Gossip(many.subList(0, 99), Set.of(), List.of(), true), 0);
        assertThat(names(roster.probesDue(0))).hasSize(17).contains("m100", "m1", "m2");
    }

    @Test
    void aHostThatIsCutOffAsksSixtyFourOfTheLostAPeriodInTurnAndTheSeedsEachTime() {
        List<Advertisement> many = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> Claims.one("m" + i + " 172.16.165." + i + " 10.42." + i + ".0/24"))
                .toList();
        roster.gossip(new Gossip(many, Set.of(), List.of(), true), 0);
        roster.gossip(new Gossip(List.of(), Set.of(), List.of(), true), 0);
        roster.probesDue(0).forEach(ad -> roster.probed(ad.name(), ad.boot(), Verdict.SILENT));
        assertThat(roster.guarded()).isEqualTo(100);
        long period = Roster.PROBE_PERIOD.toNanos();
        assertThat(roster.probesDue(period / 2)).isEmpty();
        assertThat(roster.deadline()).hasValue(period);

        List<Advertisement> first = roster.probesDue(period);
        first.forEach(ad -> roster.probed(ad.name(), ad.boot(), Verdict.SILENT));
        assertThat(roster.deadline()).hasValue(2 * period);
        List<Advertisement> second = roster.probesDue(2 * period);
        assertThat(names(first)).hasSize(64).contains("m1", "m2");
        assertThat(names(second)).hasSize(64).contains("m1", "m2");
        Set<Advertisement> asked = new HashSet<>(first);
        asked.addAll(second);
        assertThat(asked).hasSize(100);
    }

    @Test
    void aClaimThatIsNotCredibleDisplacesNobodyAndIsShown() {
        Advertisement real = ALL.get(0);
        Advertisement forged =
                new Advertisement(real.name(), 5, 99, Ipv4.parse("172.16.165.66"), 5114, real.subnets(), 1, "x");
        roster = new Roster(new Roster.Policy(
                Duration.ofSeconds(60), claim -> !claim.nodeIp().equals(forged.nodeIp()), Set.of(), 50));
        roster.gossip(new Gossip(List.of(real, forged), Set.of(), List.of(), true), 0);
        assertThat(roster.members()).containsExactlyInAnyOrder(real, forged);
        roster.gossip(new Gossip(List.of(forged), Set.of(), List.of(), true), 0);
        assertThat(names(roster.probesDue(0))).containsExactly("n1");
        assertThat(roster.held()).isOne();
    }

    @Test
    void aRestartedNodeThatHasNotRankedItselfYetKeepsTheRankOfItsLastRun() {
        Advertisement before = Claims.one("b 172.16.165.244 10.42.2.0/24 @3");
        Advertisement again =
                new Advertisement(before.name(), 77, 2, before.nodeIp(), 5114, before.subnets(), 0, before.version());
        roster.gossip(new Gossip(List.of(before), Set.of(), List.of(), true), 0);
        roster.gossip(new Gossip(List.of(again), Set.of(), List.of(), true), 0);
        assertThat(roster.members()).containsExactly(again.ranked(2, 3));
    }
}
