package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose every wake is late. */
class LateSwimTest {
    private static final Contact HERE = new Contact(new Ipv4(0x0a000001), 5114, 1);

    private static Member peer(int number) {
        Contact contact = new Contact(new Ipv4(0x0a000000 + number), 5114, number);
        return new Member(contact, 0, State.ALIVE, Mesh.text("h" + number), Mesh.token(number), List.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {151, 160, 400, 1000})
    void aStarvedNodeFindsDeadHostsInAMinuteAllTheSame(long lateMillis) {
        long now = 1;
        Swim swim = new Swim(now, HERE, Mesh.text("h1"), Mesh.token(1), new Random(1));
        Message all = new Message.Records(-1L, false, true, List.of(peer(2), peer(3)));
        swim.receive(now, peer(2).contact(), all);
        while (!swim.members().isEmpty() && now < 120_000 * Mesh.MILLI) {
            swim.drain();
            now = Math.max(now, swim.deadline()) + lateMillis * Mesh.MILLI;
            swim.tick(now);
        }
        assertThat(swim.members()).isEmpty();
        System.out.printf("measured dead hosts found when late by %d ms: %d ms%n", lateMillis, now / Mesh.MILLI);
        assertThat(now / Mesh.MILLI).isLessThan(60_000);
    }

    @Test
    void oneLongStandstillIsForgivenInFullAndManyOnlyInPart() {
        long second = 1000 * Mesh.MILLI;
        Reprieve one = new Reprieve();
        assertThat(one.give(60 * second)).isEqualTo(60 * second);
        assertThat(one.give(second)).isZero();
        Reprieve many = new Reprieve();
        assertThat(many.give(6 * second)).isEqualTo(6 * second);
        assertThat(many.give(6 * second)).isEqualTo(4 * second);
        assertThat(many.give(6 * second)).isZero();
    }

    @Test
    void whoStoodStillForLongSettlesForTwoSecondsAndWhoDidForFourNotAtAll() {
        Mesh mesh = new Mesh(5).acquainted(5);
        mesh.run(3000);
        Mesh.Host late = mesh.hosts.get(0);
        late.stalled = true;
        mesh.run(4000);
        late.resume();
        assertThat(late.swim.settling(mesh.now)).isNotPositive();
        mesh.run(3000);
        late.stalled = true;
        mesh.run(7000);
        late.resume();
        assertThat(late.swim.settling(mesh.now)).isPositive();
        assertThat(mesh.until(10_000, () -> late.swim.settling(mesh.now) <= 0)).isBetween(1990L, 2200L);
    }

    @Test
    void whoStoodStillBringsNobodyBackToThoseWhoStartedSince() {
        Mesh mesh = new Mesh(6).acquainted(4);
        mesh.run(3000);
        Mesh.Host asleep = mesh.hosts.get(0);
        asleep.stalled = true;
        Mesh.Host brief = mesh.add();
        brief.seeds(mesh.hosts.get(1));
        mesh.run(1000);
        assertThat(mesh.hosts.get(2).of(brief)).isNotNull();
        mesh.hosts.subList(1, 5).forEach(host -> host.down = true);
        Mesh.Host fresh = mesh.add();
        fresh.seeds(asleep);
        mesh.run(15_000);
        asleep.resume();
        assertThat(mesh.until(60_000, () -> fresh.sees().size() > 1)).isEqualTo(-1);
        assertThat(mesh.whole()).isTrue();
    }

    @Test
    void whereAllStoodStillWhoJoinsHearsOfAllTheSame() {
        Mesh mesh = new Mesh(7).acquainted(6);
        mesh.run(3000);
        mesh.hosts.forEach(host -> host.stalled = true);
        mesh.run(60_000);
        List.copyOf(mesh.hosts).forEach(Mesh.Host::resume);
        Mesh.Host fresh = mesh.add();
        fresh.seeds(mesh.hosts.get(2));
        long millis = mesh.until(20_000, mesh::whole);
        System.out.printf("measured a join after all stood still: %d ms%n", millis);
        assertThat(millis).isBetween(0L, 12_000L);
        assertThat(mesh.burials).isEmpty();
    }
}
