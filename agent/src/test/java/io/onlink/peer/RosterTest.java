package io.onlink.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final Advertisement B = Claims.one("b 172.16.165.244 10.42.2.0/24");

    private final Roster roster = new Roster(new Roster.Policy(Duration.ofSeconds(60), claim -> true, Set.of(), 50));

    private static long seconds(double s) {
        return Duration.ofMillis((long) (s * 1000)).toNanos();
    }

    private static Gossip gossip(Advertisement... alive) {
        return new Gossip(List.of(alive), Set.of(), List.of(), true);
    }

    @Test
    void aMemberLostToGossipIsHeldWhileItsHostAnswersAndGoesAfterTheHoldTime() {
        roster.gossip(gossip(B), seconds(0));
        roster.gossip(gossip(), seconds(10));
        assertThat(roster.probesDue(seconds(10))).containsExactly(B);
        roster.probed(B.name(), B.boot(), true);
        assertThat(roster.members()).containsExactly(B);
        assertThat(roster.probesDue(seconds(11))).isEmpty();
        assertThat(roster.probesDue(seconds(12))).containsExactly(B);
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
        roster.probed(B.name(), B.boot(), false);
        assertThat(roster.members()).isEmpty();
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
        roster.probed(B.name(), B.boot(), false);
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
}
