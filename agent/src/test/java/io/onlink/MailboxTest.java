package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MailboxTest {
    private static final NodeName B = new NodeName("b");

    private final Mailbox mailbox = new Mailbox();

    @Test
    void theTimesAreThoseOfTheFirstUnreadNews() throws InterruptedException {
        mailbox.gossip(Gossip.NONE, 3, 5);
        mailbox.gossip(Gossip.NONE, 7, 9);
        assertThat(mailbox.take(0).times()).isEqualTo(new Mailbox.Times(OptionalLong.of(3), OptionalLong.of(5)));
        mailbox.kernelChanged();
        assertThat(mailbox.take(0).times()).isEqualTo(Mailbox.Times.NONE);
    }

    @Test
    void anEmptyBoxGivesNothingOnceTheTimeIsUp() throws InterruptedException {
        long before = System.nanoTime();
        Mailbox.Mail mail = mailbox.take(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(mail).isEqualTo(new Mailbox.Mail(null, List.of(), false, false, false, false, false));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aTimeThatIsUpAlreadyDoesNotWait(long wait) throws InterruptedException {
        assertThat(mailbox.take(wait).gossip()).isNull();
    }

    @Test
    void aBurstFoldsIntoOneTurnAndTheLatestSnapshotCounts() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            mailbox.gossip(Claims.alive("b 172.16.165." + i % 250 + " 10.42.2.0/24"));
            mailbox.kernelChanged();
            mailbox.overrun();
        }
        mailbox.gossip(Claims.alive("c 172.16.168.113 10.42.3.0/24"));
        Mailbox.Mail mail = mailbox.take(0);
        assertThat(mail.gossip()).isEqualTo(Claims.alive("c 172.16.168.113 10.42.3.0/24"));
        assertThat(mail.kernelChanged()).isTrue();
        assertThat(mail.overrun()).isTrue();
        assertThat(mailbox.take(0)).isEqualTo(new Mailbox.Mail(null, List.of(), false, false, false, false, false));
    }

    @Test
    void everyAnswerIsKeptInItsOrderUpToTheLimit() throws InterruptedException {
        for (int boot = 1; boot <= 20_001; boot++) {
            mailbox.answered(B, boot, boot % 2 == 0 ? Verdict.ANSWERED : Verdict.SILENT);
        }
        List<Mailbox.Answer> answers = mailbox.take(0).answers();
        assertThat(answers).hasSize(20_000);
        assertThat(answers.get(0)).isEqualTo(new Mailbox.Answer(B, 1, Verdict.SILENT));
        assertThat(answers.get(19_999)).isEqualTo(new Mailbox.Answer(B, 20_000, Verdict.ANSWERED));
        mailbox.answered(B, 1, Verdict.ANSWERED);
        assertThat(mailbox.take(0).answers()).hasSize(1);
        assertThat(answers).hasSize(20_000);
    }

    @Test
    void beingToldToStopOrLeaveIsNeverForgotten() throws InterruptedException {
        mailbox.stop();
        assertThat(mailbox.take(TimeUnit.DAYS.toNanos(1)).stop()).isTrue();
        assertThat(mailbox.take(TimeUnit.DAYS.toNanos(1)).stop()).isTrue();
        mailbox.leave();
        assertThat(mailbox.take(TimeUnit.DAYS.toNanos(1)).leave()).isTrue();
    }

    @Test
    void mailWakesTheReader() throws Exception {
        List<Runnable> kinds = List.of(
                () -> mailbox.gossip(Claims.alive("")),
                () -> mailbox.answered(B, 1, Verdict.ANSWERED),
                mailbox::kernelChanged,
                mailbox::overrun,
                mailbox::stop);
        for (Runnable kind : kinds) {
            AtomicReference<Mailbox.Mail> got = new AtomicReference<>();
            CountDownLatch started = new CountDownLatch(1);
            Thread reader = new Thread(() -> {
                started.countDown();
                try {
                    got.set(mailbox.take(Long.MAX_VALUE));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            reader.start();
            started.await();
            kind.run();
            reader.join();
            assertThat(got.get()).isNotNull();
        }
    }

    @Test
    void nothingIsLostBetweenManyWritersAndTheReader() throws Exception {
        int each = 2000;
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int first = writer * each;
            Thread thread = new Thread(() -> {
                for (int i = 1; i <= each; i++) {
                    mailbox.answered(B, first + i, Verdict.ANSWERED);
                }
            });
            writers.add(thread);
            thread.start();
        }
        List<Long> boots = new ArrayList<>();
        while (boots.size() < 4 * each) {
            mailbox.take(TimeUnit.SECONDS.toNanos(20)).answers().forEach(answer -> boots.add(answer.boot()));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(boots).doesNotHaveDuplicates().hasSize(4 * each);
    }
}
