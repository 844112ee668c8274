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
}
