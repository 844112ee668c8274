package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.swim.Mesh.Host;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Halves of a mesh that was cut for hours, with no seed in common, in virtual time. */
class PartedSwimTest {
    private static final long MINUTE = 60_000;

    private final Mesh mesh = new Mesh(7);

    private void cutOddFromEven() {
        mesh.cut = pair -> pair[0].number % 2 != pair[1].number % 2;
    }

    @ParameterizedTest
    @CsvSource({"10, 50", "10, 61", "10, 120", "2, 120", "4, 2880"})
    void halvesThatWerePartedForHoursFindOneAnother(int size, long minutes) {
        mesh.acquainted(size);
        mesh.run(3000);
        cutOddFromEven();
        mesh.run(minutes * MINUTE);
        assertThat(mesh.hosts).allMatch(host -> host.sees().size() == size / 2 - 1);
        mesh.cut = pair -> false;
        long millis = mesh.until(5 * MINUTE, mesh::whole);
        System.out.printf("measured heal of %d after %d min: %d ms%n", size, minutes, millis);
        assertThat(millis).isNotNegative();
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "10, 60", "30, 1000"})
    void oneThatWasCutOffLearnsWhoLeftMeanwhile(int size, long seconds) {
        mesh.acquainted(size);
        mesh.run(3000);
        Host cut = mesh.hosts.get(0);
        Host leaver = mesh.hosts.get(1);
        mesh.cut = pair -> pair[0] == cut || pair[1] == cut;
        mesh.run(seconds * 500);
        leaver.leave();
        mesh.run(seconds * 500);
        mesh.cut = pair -> false;
        assertThat(mesh.until(10_000, () -> cut.swim.departed().contains(leaver.contact.boot())))
                .isBetween(0L, 3000L);
        assertThat(mesh.until(3000, mesh::whole)).isNotNegative();
    }

    /** What it was told of the leave is lost, and nobody has found it dead itself meanwhile. */
    @Test
    void whoSpeaksOfADeathThatWasALeaveIsPutRight() {
        mesh.acquainted(5);
        mesh.run(3000);
        Host deaf = mesh.hosts.get(0);
        Host leaver = mesh.hosts.get(1);
        mesh.cut = pair -> pair[1] == deaf;
        leaver.leave();
        mesh.run(200);
        assertThat(mesh.hosts.subList(2, 5))
                .allMatch(host -> host.swim.departed().contains(leaver.contact.boot()));
        mesh.cut = pair -> false;
        mesh.swallow = PartedSwimTest::tellsOfALeave;
        assertThat(mesh.until(20_000, () -> deaf.of(leaver) == null)).isNotNegative();
        assertThat(deaf.swim.departed()).isEmpty();
        mesh.swallow = message -> false;
        assertThat(mesh.until(3000, () -> deaf.swim.departed().contains(leaver.contact.boot())))
                .isNotNegative();
        assertThat(mesh.burials).isEmpty();
        assertThat(mesh.whole()).isTrue();
    }

    private static boolean tellsOfALeave(Message message) {
        List<Member> told = List.of();
        if (message instanceof Message.Ping ping) {
            told = ping.news();
        } else if (message instanceof Message.Ack ack) {
            told = ack.news();
        } else if (message instanceof Message.News news) {
            told = news.news();
        } else if (message instanceof Message.Records records) {
            told = records.members();
        }
        return told.stream().anyMatch(member -> member.state() == State.LEFT);
    }

    @Test
    void itLearnsSoTooWhenAFreshMemberFindsItFirst() {
        mesh.acquainted(5);
        mesh.run(3000);
        Host cut = mesh.hosts.get(0);
        Host leaver = mesh.hosts.get(1);
        mesh.cut = pair -> pair[0] == cut || pair[1] == cut;
        mesh.run(MINUTE);
        leaver.leave();
        Host fresh = mesh.add();
        fresh.seeds(mesh.hosts.get(2));
        mesh.run(10_000);
        // At first nobody but the fresh one reaches it.
        mesh.cut = pair -> (pair[0] == cut && pair[1] != fresh) || (pair[1] == cut && pair[0] != fresh);
        fresh.seeds(cut);
        mesh.run(2000);
        mesh.cut = pair -> false;
        assertThat(mesh.until(10_000, () -> cut.swim.departed().contains(leaver.contact.boot())))
                .isBetween(0L, 5000L);
    }

    @Test
    void whoLeavesOnEitherSideOfACutHasLeftForAllWhenItHeals() {
        mesh.acquainted(10);
        mesh.run(3000);
        cutOddFromEven();
        mesh.run(MINUTE);
        List<Host> leavers = mesh.hosts.subList(0, 2);
        leavers.forEach(Host::leave);
        mesh.run(MINUTE);
        mesh.cut = pair -> false;
        long millis = mesh.until(
                10_000,
                () -> mesh.up().stream()
                        .allMatch(host -> leavers.stream()
                                .allMatch(leaver -> host.swim.departed().contains(leaver.contact.boot()))));
        assertThat(millis).isBetween(0L, 5000L);
    }

    @Test
    void aLostPlaceIsKnockedAtTheLessTheLongerItIsLost() {
        mesh.acquainted(5);
        mesh.run(3000);
        mesh.hosts.get(4).down = true;
        long early = digestsIn(10 * MINUTE);
        mesh.run(24 * 60 * MINUTE);
        long late = digestsIn(10 * MINUTE);
        assertThat(early).isBetween(1000L, 3000L);
        assertThat(late).isBetween(10L, 200L);
    }

    private long digestsIn(long millis) {
        long[] digests = {0};
        mesh.swallow = message -> {
            digests[0] += message instanceof Message.Digest ? 1 : 0;
            return false;
        };
        mesh.run(millis);
        return digests[0];
    }

    @Test
    void nobodyKnocksWhereAMemberLeftOrAnotherHasTakenItsPlace() {
        mesh.acquainted(5);
        mesh.run(3000);
        mesh.hosts.get(4).down = true;
        mesh.run(30_000);
        Host again = mesh.add(5);
        again.seeds(mesh.hosts.get(0));
        mesh.run(5000);
        assertThat(mesh.whole()).isTrue();
        assertThat(digestsIn(5 * MINUTE)).isZero();
        again.leave();
        mesh.run(5000);
        assertThat(digestsIn(5 * MINUTE)).isZero();
    }
}
