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
    private final HostProbes probes = new HostProbes(where -> {
        CompletableFuture<Verdict> answer = new CompletableFuture<>();
        sent.add(answer);
        return answer;
    });

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
}
