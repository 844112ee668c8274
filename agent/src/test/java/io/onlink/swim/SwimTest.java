package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.swim.Mesh.Host;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol in virtual time, on a network that loses, delays and parts. */
class SwimTest {
    private final Mesh mesh = new Mesh(42);

    private Host host(int number) {
        return mesh.hosts.get(number - 1);
    }

    private long took(String what, long millis) {
        System.out.printf("measured %s: %d ms%n", what, millis);
        assertThat(millis).as(what).isNotNegative();
        return millis;
    }

    @Test
    void tenThatStartAtOnceAreAllKnownToAllInHalfASecond() {
        mesh.joined(10);
        assertThat(took("cold start of 10", mesh.until(5000, mesh::whole))).isLessThan(500);
        assertThat(mesh.until(2000, () -> mesh.hosts.stream().skip(1).allMatch(h -> h.swim.complete())))
                .isNotNegative();
    }

    @Test
    void oneHundredThatStartAtOnceDoSoInThreeSeconds() {
        mesh.joined(100);
        assertThat(took("cold start of 100", mesh.until(10_000, mesh::whole))).isLessThan(3000);
    }

    @Test
    void aSeedThatIsFoundBeforeItFindsAnybodyHasAWholeViewToo() {
        Host first = mesh.add();
        mesh.run(1000);
        mesh.add().seeds(first);
        assertThat(mesh.until(5000, () -> mesh.hosts.stream().allMatch(host -> host.swim.complete())))
                .isBetween(2900L, 5000L);
    }

    @Test
    void aSeedThatHasJustStartedIsNotTakenForOneThatKnowsAll() {
        mesh.acquainted(10);
        mesh.run(3000);
        host(1).down = true;
        Host seed = mesh.add(1);
        Host joiner = mesh.add(11);
        List<Host> fresh = List.of(seed, joiner);
        mesh.cut = pair -> fresh.contains(pair[0]) != fresh.contains(pair[1]);
        joiner.seeds(seed, host(2));
        mesh.run(2000);
        assertThat(joiner.sees()).containsExactly(1);
        assertThat(joiner.swim.complete()).isFalse();
        mesh.cut = pair -> false;
        assertThat(mesh.until(2000, joiner.swim::complete)).isNotNegative();
        assertThat(joiner.sees()).hasSize(10);
    }

    @Test
    void aJoinerIsSeenByAllAtOnce() {
        mesh.acquainted(10);
        mesh.run(3000);
        Host late = mesh.add();
        late.seeds(host(1));
        assertThat(took("join", mesh.until(5000, mesh::whole))).isLessThan(50);
    }

    @Test
    void aLeaveIsSeenByAllAtOnceAndIsNoDeath() {
        mesh.acquainted(10);
        mesh.run(3000);
        host(4).leave();
        assertThat(took("leave", mesh.until(5000, () -> mesh.forgotten(host(4)))))
                .isLessThan(20);
        assertThat(host(1).swim.departed()).containsExactly(host(4).contact.boot());
        mesh.run(20_000);
        assertThat(mesh.whole()).isTrue();
        assertThat(mesh.burials).isEmpty();
    }

    @Test
    void aLeaveForgedWithoutTheTokenHasNoEffect() {
        mesh.acquainted(10);
        mesh.run(3000);
        Member victim = host(1).of(host(4));
        Member forged =
                new Member(victim.contact(), victim.incarnation(), State.LEFT, Bytes.EMPTY, Mesh.token(999), List.of());
        host(1).swim.receive(mesh.now, host(7).contact, new Message.News(List.of(forged)));
        host(1).settle();
        mesh.run(5000);
        assertThat(mesh.whole()).isTrue();
        assertThat(host(1).swim.departed()).isEmpty();
    }

    @Test
    void aChangeIsSeenByAllAtOnce() {
        mesh.acquainted(10);
        mesh.run(3000);
        host(4).advertise("moved");
        assertThat(took("change", mesh.until(5000, () -> sayMoved(4)))).isLessThan(20);
    }

    private boolean sayMoved(int number) {
        return mesh.up().stream()
                .filter(host -> host != host(number))
                .allMatch(host -> host.of(host(number)).payload().equals(Mesh.text("moved")));
    }

    @Test
    void aChangeOfWhichEveryRumourIsLostIsFoundByTheNextAcks() {
        mesh.acquainted(10);
        mesh.run(3000);
        mesh.swallow = message -> message instanceof Message.News;
        host(4).advertise("moved");
        host(4).swim.drain();
        mesh.run(50);
        assertThat(took("change without rumours", mesh.until(10_000, () -> sayMoved(4))))
                .isLessThan(5000);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10, 30, 100})
    void aSilentHostIsFoundDeadByAllInSeconds(int size) {
        long worst = 0;
        for (int seed = 0; seed < (size < 50 ? 40 : 5); seed++) {
            Mesh each = new Mesh(seed).acquainted(size);
            each.run(2000 + 37 * seed);
            Host gone = each.hosts.get(seed % size);
            gone.down = true;
            long millis = each.until(30_000, () -> each.forgotten(gone));
            assertThat(millis).isNotNegative();
            worst = Math.max(worst, millis);
            assertThat(each.burials).isEmpty();
        }
        took("silent host of " + size + ", worst", worst);
        assertThat(worst).isLessThan(size == 2 ? 4000 : size <= 10 ? 3000 : 7000);
    }

    @Test
    void suspicionsAreCountedByWhoFoundTheSilence() {
        mesh.acquainted(10);
        mesh.run(30_000);
        assertThat(mesh.hosts).allMatch(host -> host.swim.tally().equals(Tally.NONE));
        host(4).down = true;
        mesh.run(20_000);
        List<Tally> others = mesh.hosts.stream()
                .filter(host -> host != host(4))
                .map(host -> host.swim.tally())
                .toList();
        assertThat(others).allMatch(tally -> tally.accused() + tally.heard() == 1 && tally.buried() == 1);
        assertThat(others.stream().mapToLong(Tally::accused).sum()).isEqualTo(1);
    }

    @Test
    void halfOfTheHostsFallSilentAtOnceAndTheOtherHalfFindsThemAll() {
        mesh.acquainted(30);
        mesh.run(3000);
        mesh.hosts.stream().limit(15).forEach(host -> host.down = true);
        assertThat(took("15 of 30 silent", mesh.until(60_000, mesh::whole))).isLessThan(15_000);
        assertThat(mesh.burials).isEmpty();
    }

    @Test
    void aHostThatStoodStillForTenSecondsIsBackAtOnceAndBuriesNobody() {
        mesh.acquainted(10);
        mesh.run(3000);
        host(4).stalled = true;
        assertThat(mesh.until(10_000, () -> mesh.forgotten(host(4)))).isNotNegative();
        mesh.run(7000);
        host(4).resume();
        assertThat(took("back after a stall", mesh.until(5000, mesh::whole))).isLessThan(300);
        mesh.run(10_000);
        assertThat(host(4).swim.tally().buried()).isZero();
        assertThat(mesh.burials).isEmpty();
    }

    @Test
    void aHostThatStandsStillForASecondIsNotBuried() {
        mesh.acquainted(10);
        mesh.run(3000);
        for (int i = 1; i <= 10; i++) {
            host(i).stalled = true;
            mesh.run(1000);
            host(i).resume();
            mesh.run(1000);
        }
        assertThat(mesh.whole()).isTrue();
        assertThat(mesh.burials).isEmpty();
        assertThat(mesh.hosts).allMatch(host -> host.swim.tally().buried() == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10, 30, 100})
    void halvesThatWerePartedFindOneAnotherWithoutASeedWhenHealed(int size) {
        mesh.acquainted(size);
        mesh.run(3000);
        mesh.cut = pair -> pair[0].number % 2 != pair[1].number % 2;
        mesh.run(60_000);
        assertThat(host(1).sees()).hasSize((size + 1) / 2 - 1);
        mesh.cut = pair -> false;
        assertThat(took("heal of " + size, mesh.until(30_000, mesh::whole))).isLessThan(3000);
    }

    @Test
    void aHostThatWasCutOffAloneIsBackSoonAfter() {
        mesh.acquainted(30);
        mesh.run(3000);
        mesh.cut = pair -> pair[0] == host(1) || pair[1] == host(1);
        mesh.run(60_000);
        assertThat(host(1).sees()).isEmpty();
        assertThat(mesh.forgotten(host(1))).isTrue();
        mesh.cut = pair -> false;
        assertThat(took("heal of one", mesh.until(30_000, mesh::whole))).isLessThan(2500);
    }

    @Test
    void aRestartAtTheSamePlaceIsSeenAtOnceAndTheFormerRunIsFoundDead() {
        mesh.acquainted(10);
        mesh.run(3000);
        host(4).down = true;
        Host again = mesh.add(4);
        again.seeds(host(1));
        assertThat(mesh.until(1000, () -> mesh.up().stream().allMatch(host -> host == again || host.of(again) != null)))
                .isNotNegative();
        assertThat(took("former run found dead", mesh.until(10_000, () -> mesh.forgotten(host(4)))))
                .isLessThan(3500);
    }

    @Test
    void aForgedDeathIsRefutedBeforeAnyoneBelievesIt() {
        mesh.acquainted(10);
        mesh.run(3000);
        Member victim = host(1).of(host(4));
        Member forged = new Member(
                victim.contact(), victim.incarnation() + 1000, State.DEAD, Bytes.EMPTY, Bytes.EMPTY, List.of());
        for (int i = 0; i < 50; i++) {
            host(1).swim.receive(mesh.now, host(7).contact, new Message.News(List.of(forged)));
            host(1).settle();
            mesh.run(100);
        }
        assertThat(mesh.burials).isEmpty();
        assertThat(mesh.whole()).isTrue();
    }

    @Test
    void anIncarnationThatJumpsIsNotBelieved() {
        mesh.acquainted(10);
        mesh.run(3000);
        Member victim = host(1).of(host(4));
        Member forged = new Member(
                victim.contact(), Member.MAX_INCARNATION, State.ALIVE, Mesh.text("forged"), victim.proof(), List.of());
        host(1).swim.receive(mesh.now, host(7).contact, new Message.News(List.of(forged)));
        host(1).settle();
        mesh.run(3000);
        assertThat(host(1).of(host(4)).payload()).isEqualTo(Mesh.text("h4"));
        assertThat(host(4).swim.self().incarnation()).isLessThan(10);
    }

    @Test
    void aForgedPayloadIsReplacedByItsOwner() {
        mesh.acquainted(10);
        mesh.run(3000);
        Member victim = host(1).of(host(4));
        Member forged = new Member(
                victim.contact(),
                victim.incarnation() + 1,
                State.ALIVE,
                Mesh.text("forged"),
                victim.proof(),
                List.of());
        host(1).swim.receive(mesh.now, host(7).contact, new Message.News(List.of(forged)));
        host(1).settle();
        mesh.run(3000);
        assertThat(mesh.up().stream().filter(host -> host != host(4)))
                .allMatch(host -> host.of(host(4)).payload().equals(Mesh.text("h4")));
    }

    @Test
    void anIdleMemberSendsLittleWhateverTheSize() {
        for (int size : new int[] {10, 100}) {
            Mesh each = new Mesh(1).acquainted(size);
            each.run(10_000);
            each.bytes = 0;
            each.packets = 0;
            each.run(60_000);
            long perSecond = each.bytes / 60 / size;
            System.out.printf("measured idle of %d: %d B/s a member%n", size, perSecond);
            assertThat(perSecond).isLessThan(250);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.2})
    void lossForTenMinutesRemovesNobody(double loss) {
        for (int seed = 0; seed < 3; seed++) {
            Mesh each = new Mesh(seed).acquainted(10);
            each.loss = loss;
            each.run(600_000);
            System.out.printf("measured false removals at loss %.2f: %d%n", loss, each.burials.size());
            assertThat(each.burials).isEmpty();
        }
    }

    @Test
    void halfOfAllPacketsLostCostsNoViewForLong() {
        for (int seed = 0; seed < 3; seed++) {
            Mesh each = new Mesh(seed).acquainted(10);
            each.loss = 0.5;
            each.run(600_000);
            System.out.printf("measured false removals at loss 0.50 in 10 min: %d%n", each.burials.size());
            each.loss = 0;
            assertThat(took("whole after loss 0.50", each.until(60_000, each::whole)))
                    .isLessThan(5000);
        }
    }

    @Test
    void theSameSeedGivesTheSameCourse() {
        assertThat(course(7)).isEqualTo(course(7)).isNotEqualTo(course(8));
    }

    private static String course(long seed) {
        Mesh mesh = new Mesh(seed);
        mesh.loss = 0.2;
        mesh.joined(12);
        mesh.run(20_000);
        return mesh.packets + " " + mesh.bytes;
    }
}
