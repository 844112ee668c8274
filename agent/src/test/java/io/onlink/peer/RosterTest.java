package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.Seeded;
import io.onlink.inet.Ipv4;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final Advertisement B = Claims.one("b 172.16.165.244 10.42.2.0/24");
    private static final Advertisement C = Claims.one("c 172.16.168.113 10.42.3.0/24");

    private final Roster roster = new Roster(new Roster.Policy(Duration.ofSeconds(60), claim -> true, Set.of(), 50));

    private static long seconds(double s) {
        return Duration.ofMillis((long) (s * 1000)).toNanos();
    }

    private static Gossip gossip(Advertisement... alive) {
        return new Gossip(List.of(alive), Set.of(), List.of(), true);
    }

    /** B's agent, restarted at that address. */
    private static Advertisement nextRun(String nodeIp) {
        return new Advertisement(
                B.name(), B.boot() + 1, 2, Ipv4.parse(nodeIp), 5114, B.subnets(), B.seniority(), B.version());
    }

    @Test
    void aMemberLostToGossipIsHeldWhileItsHostAnswersAndGoesAfterTheHoldTime() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(gossip(), seconds(10));
        assertThat(roster.probesDue(seconds(10))).containsExactly(B);
        roster.probed(B.name(), B.boot(), Verdict.ANSWERED);
        assertThat(roster.members()).containsExactly(B);
        assertThat(roster.probesDue(seconds(11))).isEmpty();
        assertThat(roster.probesDue(seconds(12))).containsExactly(B);
        roster.probed(B.name(), B.boot(), Verdict.ANSWERED);
        roster.expire(seconds(69.9));
        assertThat(roster.held()).isOne();
        roster.expire(seconds(70));
        assertThat(roster.members()).isEmpty();
    }

    @Test
    void aSilentHostGoesAtOnce() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(gossip(), seconds(3));
        assertThat(roster.probesDue(seconds(3))).containsExactly(B);
        roster.probed(B.name(), B.boot(), Verdict.SILENT);
        assertThat(roster.members()).isEmpty();
    }

    @Test
    void aHostThatCouldNotBeAskedWhereOthersCouldIsNotSilentButIsAskedAgainWithinTheHold() {
        roster.gossip(gossip(B, C), seconds(0));
        roster.gossip(gossip(C), seconds(3));
        for (int second = 3; second < 63; second += 2) {
            roster.probesDue(seconds(second)).forEach(peer -> {
                Verdict verdict = peer.equals(B) ? Verdict.NOT_ASKED : Verdict.ANSWERED;
                roster.probed(peer.name(), peer.boot(), verdict);
            });
            roster.expire(seconds(second + 1));
            assertThat(roster.held()).isOne();
        }
        roster.expire(seconds(63));
        assertThat(roster.members()).containsExactly(C);
    }

    /** Its underlay link is down, say: what cannot be asked is no evidence of others. */
    @Test
    void aHostThatCanAskNobodyKeepsEverybodyHoweverLongAndTheHoldBeginsWhenItCanAgain() {
        roster.gossip(gossip(B, C), seconds(0));
        roster.gossip(gossip(), seconds(3));
        for (int second = 3; second < 3603; second += 2) {
            assertThat(roster.probesDue(seconds(second))).containsExactlyInAnyOrder(B, C);
            roster.probed(B.name(), B.boot(), Verdict.NOT_ASKED);
            roster.probed(C.name(), C.boot(), Verdict.NOT_ASKED);
            roster.expire(seconds(second + 1));
            assertThat(roster.mute()).isTrue();
            assertThat(roster.deadline()).as("no haste to let anybody go").hasValue(seconds(second + 2));
        }
        assertThat(roster.held()).isEqualTo(2);
        roster.probesDue(seconds(3603));
        roster.probed(B.name(), B.boot(), Verdict.ANSWERED);
        assertThat(roster.mute()).isFalse();
        roster.expire(seconds(3604));
        assertThat(roster.held()).isEqualTo(2);
        assertThat(roster.probesDue(seconds(3604))).as("asked afresh").containsExactlyInAnyOrder(B, C);
        roster.probed(B.name(), B.boot(), Verdict.ANSWERED);
        roster.probed(C.name(), C.boot(), Verdict.SILENT);
        assertThat(roster.members()).containsExactly(B);
        roster.expire(seconds(3663.9));
        assertThat(roster.held()).isOne();
        roster.expire(seconds(3664));
        assertThat(roster.members()).isEmpty();
    }

    @Test
    void aSilenceThatIsHeardOnTheHeelsOfMutenessIsAskedAboutAfresh() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(gossip(), seconds(3));
        roster.probesDue(seconds(3));
        roster.probed(B.name(), B.boot(), Verdict.NOT_ASKED);
        roster.probesDue(seconds(5));
        roster.probed(B.name(), B.boot(), Verdict.SILENT);
        assertThat(roster.members()).containsExactly(B);
        assertThat(roster.probesDue(seconds(6.5))).containsExactly(B);
        roster.probed(B.name(), B.boot(), Verdict.SILENT);
        assertThat(roster.members()).isEmpty();
    }

    @Test
    void aHostThatIsSaidToBeUnreachableGoesOnceAnotherHostAnswers() {
        roster.gossip(gossip(B, C), seconds(0));
        roster.gossip(gossip(), seconds(3));
        assertThat(roster.probesDue(seconds(3))).containsExactlyInAnyOrder(B, C);
        roster.probed(B.name(), B.boot(), Verdict.UNREACHABLE);
        assertThat(roster.held()).isEqualTo(2);
        roster.probed(C.name(), C.boot(), Verdict.ANSWERED);
        assertThat(roster.members()).containsExactly(C);
    }

    @Test
    void anAnnouncedLeaveNeedsNoQuestion() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(new Gossip(List.of(), Set.of(B.boot()), List.of(), true), seconds(1));
        assertThat(roster.members()).isEmpty();
        assertThat(roster.left()).isOne();
        assertThat(roster.deadline()).isEmpty();
    }

    @Test
    void aRestartUnderTheSameNameIsTheSameMemberAndAnOldBootsSilenceIsIgnored() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(gossip(), seconds(3));
        Advertisement again =
                new Advertisement(B.name(), 99, 2, B.nodeIp(), 5114, B.subnets(), B.seniority(), B.version());
        roster.gossip(gossip(again), seconds(4));
        roster.probed(B.name(), B.boot(), Verdict.SILENT);
        assertThat(roster.members()).containsExactly(again);
        assertThat(roster.alive()).isOne();
    }

    @Test
    void ofTwoRunsUnderOneNameTheNewerCounts() {
        Advertisement newer =
                new Advertisement(B.name(), 99, 2, B.nodeIp(), 5114, List.of(), B.seniority(), B.version());
        roster.gossip(gossip(newer, B), seconds(0));
        assertThat(roster.members()).containsExactly(newer);
    }

    /** This host stood still, say: gossip has yet to find the former run dead, which its peers have long forgotten. */
    @Test
    void aRunThatGossipHasLostIsHeldThoughItStillHasAnOlderOneElsewhere() {
        Advertisement moved = nextRun("172.16.165.245");
        roster.gossip(gossip(B, moved), seconds(0));
        roster.gossip(gossip(B), seconds(2));
        assertThat(roster.members()).containsExactly(moved);
        assertThat(roster.probesDue(seconds(2))).containsExactly(moved);
        roster.probed(moved.name(), moved.boot(), Verdict.ANSWERED);
        roster.gossip(gossip(B, moved), seconds(3));
        assertThat(roster.members()).containsExactly(moved);
        assertThat(roster.held()).isZero();
    }

    @Test
    void anOlderRunElsewhereCountsAsSoonAsTheNewerHasGone() {
        Advertisement moved = nextRun("172.16.165.245");
        roster.gossip(gossip(B, moved), seconds(0));
        roster.gossip(gossip(B), seconds(2));
        roster.probesDue(seconds(2));
        roster.probed(moved.name(), moved.boot(), Verdict.SILENT);
        assertThat(roster.members()).as("silent").containsExactly(B);
        assertThat(roster.held()).isZero();

        roster.gossip(gossip(B, moved), seconds(10));
        roster.gossip(gossip(B), seconds(12));
        roster.probesDue(seconds(12));
        roster.probed(moved.name(), moved.boot(), Verdict.ANSWERED);
        roster.expire(seconds(71.9));
        assertThat(roster.members()).as("held").containsExactly(moved);
        roster.expire(seconds(72));
        assertThat(roster.members()).as("held too long").containsExactly(B);

        roster.gossip(gossip(B, moved), seconds(80));
        roster.gossip(new Gossip(List.of(B), Set.of(moved.boot()), List.of(), true), seconds(82));
        assertThat(roster.members()).as("left").containsExactly(B);
    }

    @Test
    void anOlderRunAtTheSamePlaceIsBelievedForNobodyElseIsThere() {
        Advertisement newer = nextRun("172.16.165.244");
        roster.gossip(gossip(newer), seconds(0));
        roster.gossip(gossip(B), seconds(2));
        assertThat(roster.members()).containsExactly(B);
        assertThat(roster.held()).isZero();
    }

    @Test
    void aMemberThatComesBackInTimeIsAliveAndItsHoldStartsAnewWhenItIsLostAgain() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(gossip(), seconds(10));
        roster.gossip(gossip(B), seconds(60));
        assertThat(roster.deadline()).isEmpty();
        roster.expire(seconds(200));
        roster.gossip(gossip(), seconds(300));
        roster.expire(seconds(359));
        assertThat(roster.held()).isOne();
    }

    @Test
    void gossipThatGoesOnLosingAMemberDoesNotLengthenItsHold() {
        roster.gossip(gossip(B), seconds(0));
        for (int second = 10; second < 70; second += 5) {
            roster.gossip(gossip(), seconds(second));
            roster.probed(B.name(), B.boot(), Verdict.ANSWERED);
        }
        roster.expire(seconds(70));
        assertThat(roster.members()).isEmpty();
    }

    @Test
    void aHeldMemberThatIsSaidToHaveLeftGoesAtOnceAndIsCountedOnce() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(gossip(), seconds(1));
        Gossip left = new Gossip(List.of(), Set.of(B.boot()), List.of(), true);
        roster.gossip(left, seconds(2));
        roster.gossip(left, seconds(3));
        assertThat(roster.members()).isEmpty();
        assertThat(roster.left()).isOne();
    }

    @Test
    void theLeaveOfAFormerRunDoesNotConcernTheRunThatIsAlive() {
        Advertisement again =
                new Advertisement(B.name(), 99, 2, B.nodeIp(), 5114, B.subnets(), B.seniority(), B.version());
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(new Gossip(List.of(again), Set.of(B.boot()), List.of(), true), seconds(1));
        assertThat(roster.members()).containsExactly(again);
        roster.gossip(new Gossip(List.of(), Set.of(B.boot()), List.of(), true), seconds(2));
        assertThat(roster.held()).isOne();
    }

    /** Killed, started again, and told to leave before gossip has found the killed run dead. */
    @Test
    void aLeaveIsTheFormerRunsTooThatGossipHasNotFoundDeadYet() {
        Advertisement again = new Advertisement(
                B.name(), 99, B.generation() + 1, B.nodeIp(), 5114, B.subnets(), B.seniority(), "test");
        roster.gossip(gossip(B, C), seconds(0));
        roster.gossip(gossip(B, again, C), seconds(2));
        roster.gossip(new Gossip(List.of(B, C), Set.of(again.boot()), List.of(), true), seconds(4));
        roster.gossip(new Gossip(List.of(B), Set.of(again.boot()), List.of(), true), seconds(4));
        assertThat(roster.members()).as("gossip may be right").contains(B);
        roster.gossip(new Gossip(List.of(), Set.of(again.boot()), List.of(), true), seconds(5));
        assertThat(roster.credible()).containsExactly(C);
        assertThat(roster.left()).isOne();
    }

    /** Each question takes descriptors: of more than so many lost at once, the rest are asked next. */
    @Test
    void ofManyLostAtOnceSomeAreAskedAndTheRestNext() {
        List<Advertisement> all = IntStream.range(0, Roster.MAX_ASKED + 76)
                .mapToObj(i -> Claims.one("n" + i + " " + new Ipv4(B.nodeIp().bits() + i) + " 10.42.2.0/24"))
                .toList();
        roster.gossip(new Gossip(all, Set.of(), List.of(), true), seconds(0));
        roster.gossip(gossip(), seconds(10));
        List<Advertisement> first = roster.probesDue(seconds(10));
        first.forEach(peer -> roster.probed(peer.name(), peer.boot(), Verdict.ANSWERED));
        List<Advertisement> rest = new ArrayList<>(all);
        rest.removeAll(first);
        assertThat(rest).hasSize(76);
        assertThat(roster.probesDue(seconds(12))).hasSize(Roster.MAX_ASKED).containsAll(rest);
    }

    @Test
    void theDeadlineIsTheNextProbeOrTheEndOfTheHold() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(gossip(), seconds(10));
        assertThat(roster.deadline()).hasValue(seconds(10));
        roster.probesDue(seconds(10));
        assertThat(roster.deadline()).hasValue(seconds(18));
        roster.probed(B.name(), B.boot(), Verdict.ANSWERED);
        assertThat(roster.deadline()).hasValue(seconds(12));
        roster.probesDue(seconds(69.5));
        roster.probed(B.name(), B.boot(), Verdict.ANSWERED);
        assertThat(roster.deadline()).hasValue(seconds(70));
    }

    @Test
    void theOrderOfMembersInASnapshotNeverMatters() {
        Seeded.cases(100, random -> {
            List<Advertisement> runs = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                runs.add(new Advertisement(
                        new NodeName("n" + random.nextInt(4)),
                        1 + random.nextInt(3),
                        random.nextInt(3),
                        B.nodeIp(),
                        5114,
                        B.subnets(),
                        1,
                        "test"));
            }
            roster.gossip(new Gossip(runs, Set.of(), List.of(), true), 0);
            Set<Advertisement> first = Set.copyOf(roster.members());
            Collections.shuffle(runs, random);
            roster.gossip(new Gossip(runs, Set.of(), List.of(), true), 0);
            assertThat(Set.copyOf(roster.members())).isEqualTo(first);
        });
    }
}
