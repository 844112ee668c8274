package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is asked when, on hosts that say what the test says; the clock is an argument. */
class HostProbesTest {
    private static final Endpoint B = new Endpoint(Ipv4.parse("172.16.165.244"), 5114, 2);
    private static final Endpoint C = new Endpoint(Ipv4.parse("172.16.168.113"), 5114, 3);

    private final List<CompletableFuture<Verdict>> sent = new ArrayList<>();
    private final List<HostProbe.Listening> listening = new ArrayList<>();
    private long now;
    private long allowance;
    private final HostProbes probes = new HostProbes(
            (where, listens) -> {
                CompletableFuture<Verdict> answer = new CompletableFuture<>();
                sent.add(answer);
                listening.add(listens);
                return answer;
            },
            () -> allowance,
            () -> now);

    private static long seconds(double s) {
        return (long) (s * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void theSilenceOfASuspectedHostAnswersTheQuestionOfItsDeathAtOnceAndNoOther() {
        probes.suspected(B, seconds(0));
        sent.get(0).complete(Verdict.SILENT);
        assertThat(probes.ask(B, seconds(2))).isCompletedWithValue(Verdict.SILENT);
        assertThat(probes.ask(B, seconds(2.1))).isNotDone();
        assertThat(sent).hasSize(2);
    }

    @Test
    void anAnswerOfASuspectedHostSaysNothingOfLater() {
        probes.suspected(B, seconds(0));
        sent.get(0).complete(Verdict.ANSWERED);
        assertThat(probes.ask(B, seconds(2))).isNotDone();
    }

    @Test
    void anOldSilenceIsNoAnswer() {
        probes.suspected(B, seconds(0));
        sent.get(0).complete(Verdict.SILENT);
        assertThat(probes.ask(B, seconds(4.1))).isNotDone();
    }

    @Test
    void whoIsSuspectedTwiceIsAskedOnce() {
        probes.suspected(B, seconds(0));
        probes.suspected(B, seconds(1));
        assertThat(sent).hasSize(1);
    }

    @Test
    void whenEverybodyIsSuspectedAtOnceOnlySomeAreAskedEarly() {
        for (int i = 1; i <= 200; i++) {
            probes.suspected(new Endpoint(Ipv4.parse("172.16.165." + i), 5114, i), seconds(0));
        }
        assertThat(sent).hasSize(HostProbes.MAX);
    }

    @Test
    void theSilenceOfAHostThatIsBackDoesNotCount() {
        probes.suspected(B, seconds(0));
        probes.suspected(C, seconds(0));
        sent.forEach(answer -> answer.complete(Verdict.SILENT));
        probes.forget(B);
        assertThat(probes.ask(B, seconds(2))).isNotDone();
        assertThat(probes.ask(C, seconds(2))).isCompletedWithValue(Verdict.SILENT);
    }

    @Test
    void whenALostMemberIsBackNoSilenceFromBeforeCounts() {
        probes.suspected(C, seconds(0));
        sent.get(0).complete(Verdict.SILENT);
        probes.forgetAll();
        assertThat(probes.ask(C, seconds(2))).isNotDone();
    }

    @Test
    void aQuestionThatIsAskedAgainIsAnsweredByTheNewProbeAlone() {
        List<String> heard = new ArrayList<>();
        var first = probes.ask(B, seconds(0)).thenAccept(answered -> heard.add("first " + answered));
        var second = probes.ask(B, seconds(1)).thenAccept(answered -> heard.add("second " + answered));
        sent.get(0).complete(Verdict.SILENT);
        sent.get(1).complete(Verdict.ANSWERED);
        assertThat(heard).containsExactly("second ANSWERED");
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompleted();
    }

    @Test
    void whereNothingIsKnownOfTheWayAHostHasASecondAndAHalf() {
        var unused = probes.ask(B, seconds(0));
        assertThat(listening.get(0).patienceMillis()).isEqualTo(1500);
    }

    @Test
    void aHostHasAsLongAsTheMeshsPingsNeedOfLateButNoMoreThanFiveSeconds() {
        var unused = probes.ask(B, seconds(0));
        allowance = seconds(3.1);
        assertThat(listening.get(0).patienceMillis()).isEqualTo(3100);
        allowance = seconds(60);
        assertThat(listening.get(0).patienceMillis()).isEqualTo(5000);
    }

    @Test
    void aHostThatAnsweredLateHasTwiceThatForAMinuteAndTheOthersHaveNot() {
        var unusedFirst = probes.ask(B, seconds(0));
        listening.get(0).answered(2000);
        var unusedSecond = probes.ask(B, seconds(5));
        var unusedOther = probes.ask(C, seconds(5));
        assertThat(listening.get(1).patienceMillis()).isEqualTo(4000);
        assertThat(listening.get(2).patienceMillis()).isEqualTo(1500);
        now = seconds(61);
        assertThat(listening.get(1).patienceMillis()).isEqualTo(1500);
    }

    @Test
    void aHostThatAnswersPromptlyAgainHasNoMoreTimeThanOthers() {
        var unused = probes.ask(B, seconds(0));
        listening.get(0).answered(2000);
        listening.get(0).answered(30);
        assertThat(listening.get(0).patienceMillis()).isEqualTo(1500);
    }

    @Test
    void ofSlowHostsOnlySoManyAreRemembered() {
        for (int i = 0; i <= HostProbes.MAX_SLOW; i++) {
            var unused = probes.ask(new Endpoint(new Ipv4(0x0a000000 + i), 5114, 1), seconds(0));
            listening.get(i).answered(2000);
        }
        assertThat(listening.get(0).patienceMillis()).isEqualTo(1500);
        assertThat(listening.get(1).patienceMillis()).isEqualTo(4000);
    }

    @Test
    void aSuspectsHostIsListenedToUntilTheVerdictIsNeeded() {
        probes.suspected(B, seconds(0));
        assertThat(listening.get(0).patienceMillis()).isEqualTo(5000);
        var unused = probes.ask(B, seconds(2));
        assertThat(listening.get(0).patienceMillis()).isEqualTo(1500);
    }

    @Test
    void whatNobodyWillAskForEndsAtOnce() {
        probes.suspected(B, seconds(0));
        probes.suspected(C, seconds(0));
        probes.forget(B);
        assertThat(sent.get(0)).isCancelled();
        probes.forgetAll();
        assertThat(sent.get(1)).isCancelled();
    }
}
