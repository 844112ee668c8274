package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.swim.Mesh.Host;
import org.junit.jupiter.api.Test;

/** A hundred agents on too few processors: each runs every 2.5 s, and then for a few messages only. */
class StarvedSwimTest {
    private static final int HOSTS = 100;
    private static final int MESSAGES = 20;
    private static final int SLOT_MILLIS = 25;

    private final Mesh mesh = new Mesh(1);
    private long pings;

    private void turn() {
        for (int slot = 0; slot < HOSTS; slot++) {
            mesh.run(SLOT_MILLIS);
            Host host = mesh.hosts.get(slot * 37 % HOSTS);
            host.work(MESSAGES);
        }
    }

    @Test
    void findOneAnother() {
        mesh.joined(HOSTS);
        mesh.hosts.forEach(host -> host.stalled = true);
        int turns = 0;
        while (!mesh.whole() && turns < 60) {
            turn();
            turns++;
        }
        System.out.printf("measured starved cold start of %d: %.1f s%n", HOSTS, turns * HOSTS * SLOT_MILLIS / 1000.0);
        assertThat(mesh.whole()).isTrue();
    }

    @Test
    void doNotDrownInTheirOwnQuestions() {
        mesh.acquainted(HOSTS);
        mesh.hosts.forEach(host -> host.stalled = true);
        for (int i = 0; i < 10; i++) {
            turn();
        }
        mesh.overhear = (to, message) -> pings += message instanceof Message.Ping ? 1 : 0;
        for (int i = 0; i < 60; i++) {
            turn();
        }
        double each = pings / 150.0 / HOSTS;
        System.out.printf("measured questions of a starved member: %.1f a second%n", each);
        assertThat(each).isLessThan(2);
        assertThat(mesh.burials).isEmpty();
    }
}
