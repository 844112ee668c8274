package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.peer.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RejectionLogTest {
    private static final Rejection WIDE =
            new Rejection("b", Rejection.Reason.TOO_SHORT, "10.0.0.0/7 is shorter than a /8");

    private final RejectionLog log = new RejectionLog();

    private List<String> at(double seconds, Rejection... rejections) {
        return log.pass(
                List.of(rejections), Duration.ofMillis((long) (seconds * 1000)).toNanos());
    }

    @Test
    void aRefusalIsSaidOnceAndItsEndOnce() {
        assertThat(at(0, WIDE)).containsExactly("claim of b refused: 10.0.0.0/7 is shorter than a /8 (too_short)");
        assertThat(at(30, WIDE)).isEmpty();
        assertThat(at(3600, WIDE)).isEmpty();
        assertThat(at(3601))
                .containsExactly("claim of b is no longer refused: 10.0.0.0/7 is shorter than a /8 (too_short)");
        assertThat(at(7200)).isEmpty();
    }

    @Test
    void aMemberThatChangesItsMindAllTheTimeHasOneLineAMinuteAndACountOfTheRest() {
        List<String> lines = new ArrayList<>();
        for (int tenth = 0; tenth < 1200; tenth++) {
            Rejection changing =
                    new Rejection("b", Rejection.Reason.CONTESTED, "10.42." + tenth % 200 + ".0/24 overlaps");
            lines.addAll(at(tenth / 10.0, changing));
        }
        assertThat(lines)
                .containsExactly(
                        "claim of b refused: 10.42.0.0/24 overlaps (contested)",
                        "claim of b refused: 10.42.0.0/24 overlaps (contested); changes not logged: 599");
    }

    @Test
    void whatIsSoInTheEndIsSaidWhenTheMinuteIsOver() {
        at(0, WIDE);
        assertThat(at(1)).isEmpty();
        assertThat(at(59)).isEmpty();
        assertThat(at(60))
                .containsExactly("claim of b is no longer refused: 10.0.0.0/7 is shorter than a /8 (too_short)");
    }

    @Test
    void anotherReasonAndAnotherMemberHaveLinesOfTheirOwn() {
        Rejection other = new Rejection("b", Rejection.Reason.CONTESTED, "10.42.2.0/24 overlaps 10.42.2.0/25");
        Rejection more = new Rejection("b", Rejection.Reason.CONTESTED, "10.42.3.0/24 overlaps 10.42.3.0/25");
        assertThat(at(0, WIDE)).hasSize(1);
        assertThat(at(1, WIDE, other, more))
                .containsExactly("claim of b refused: 10.42.2.0/24 overlaps 10.42.2.0/25, and 1 more (contested)");
        assertThat(at(2, WIDE, other, more, new Rejection("c", Rejection.Reason.TOO_SHORT, "10.0.0.0/7")))
                .containsExactly("claim of c refused: 10.0.0.0/7 (too_short)");
    }

    @Test
    void tenThousandMembersShareTheRoomThereIs() {
        Rejection[] many = IntStream.range(0, 10_000)
                .mapToObj(i -> new Rejection("m" + i, Rejection.Reason.TOO_MANY, "one too many"))
                .toArray(Rejection[]::new);
        assertThat(at(0, many))
                .hasSize(RejectionLog.MAX_TOPICS + 1)
                .contains("claim of more members refused: 9744 claims");
        assertThat(at(1, many)).isEmpty();
    }
}
