package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.swim.Mesh.Host;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one of ten members counts of the nine others, in virtual time. */
class CountsTest {
    private final Mesh mesh = new Mesh(42);

    private Host host(int number) {
        return mesh.hosts.get(number - 1);
    }

    private void tenThatKnowOneAnother() {
        mesh.joined(10);
        assertThat(mesh.until(10_000, mesh::whole)).isNotNegative();
        mesh.run(3000);
    }

    private long event(String name) {
        return host(1).swim.counts().events().get(name);
    }

    @Test
    void whoComesIntoViewIsCountedOnce() {
        tenThatKnowOneAnother();
        assertThat(host(1).swim.counts().events())
                .containsEntry("join", 9L)
                .containsEntry("leave", 0L)
                .containsEntry("fail", 0L)
                .containsEntry("flap", 0L);
    }

    @Test
    void aLeaveAndAChangeAreEvents() {
        tenThatKnowOneAnother();
        host(4).advertise("moved");
        host(5).leave();
        mesh.run(2000);
        assertThat(event("update")).isEqualTo(1);
        assertThat(event("leave")).isEqualTo(1);
        assertThat(event("fail")).isZero();
    }

    @Test
    void whoIsGivenUpAndComesBackHasFlapped() {
        tenThatKnowOneAnother();
        host(4).stalled = true;
        assertThat(mesh.until(10_000, () -> mesh.forgotten(host(4)))).isNotNegative();
        assertThat(event("fail")).isEqualTo(1);
        mesh.run(3000);
        host(4).resume();
        assertThat(mesh.until(10_000, mesh::whole)).isNotNegative();
        assertThat(event("flap")).isEqualTo(1);
    }

    @Test
    void aSuspectThatLivesHasRefutedItAndIsASuspectUntilThen() {
        tenThatKnowOneAnother();
        Member suspect = host(1).of(host(4));
        Member accused = suspect.as(State.SUSPECT, List.of(host(7).contact.boot()));
        host(1).swim.receive(mesh.now, host(7).contact, new Message.News(List.of(accused)));
        assertThat(host(1).swim.counts().suspects()).isEqualTo(1);
        host(1).settle();
        mesh.run(2000);
        assertThat(event("refute")).isEqualTo(1);
        assertThat(host(1).swim.counts().suspects()).isZero();
    }

    @Test
    void probesAreCountedByTheirEndAndTimed() {
        mesh.joined(10);
        List<Long> roundTrips = new ArrayList<>();
        host(1).swim.counts().roundTrips(roundTrips::add);
        mesh.run(30_000);
        long direct = host(1).swim.counts().probes().get("direct");
        assertThat(direct).isBetween(20L, 40L);
        assertThat(host(1).swim.counts().probes()).containsEntry("timeout", 0L);
        assertThat(roundTrips)
                .hasSizeBetween((int) direct - 3, (int) direct)
                .allMatch(nanos -> nanos < 100 * Mesh.MILLI);
    }

    @Test
    void aHostThatDiesIsATimeoutOfOneOfTheOthers() {
        tenThatKnowOneAnother();
        host(4).down = true;
        mesh.run(20_000);
        assertThat(mesh.hosts.stream()
                        .filter(host -> host != host(4))
                        .mapToLong(host -> host.swim.counts().probes().get("timeout"))
                        .sum())
                .isPositive();
    }

    @Test
    void aKnockAtASeedSucceedsOrIsInVain() {
        Host first = mesh.add();
        Host late = mesh.add();
        late.down = true;
        first.seeds(late);
        mesh.run(60_000);
        assertThat(first.swim.counts().knocks().get("error")).isGreaterThan(3);
        assertThat(first.swim.counts().knocks()).containsEntry("ok", 0L);
        late.down = false;
        assertThat(mesh.until(120_000, mesh::whole)).isNotNegative();
        mesh.run(1000);
        assertThat(first.swim.counts().knocks()).containsEntry("ok", 1L);
    }

    @Test
    void howItIsIsShownAsItIs() {
        tenThatKnowOneAnother();
        Counts counts = host(1).swim.counts();
        assertThat(counts.health()).isEqualTo(host(1).swim.health());
        assertThat(counts.lag().worst(mesh.now)).isLessThan(1000 * Mesh.MILLI);
        mesh.run(60_000);
        assertThat(counts.rumours()).isZero();
        host(1).advertise("news");
        assertThat(counts.rumours()).isPositive();
    }
}
