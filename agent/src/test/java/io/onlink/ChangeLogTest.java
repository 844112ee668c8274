package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.PeerView;
import io.onlink.peer.Rejection;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Outcome;
import io.onlink.route.Route;
import io.onlink.route.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
    private static final Rejection CONTESTED =
            new Rejection("c", Rejection.Reason.CONTESTED, "10.42.2.0/25 overlaps 10.42.2.0/24 of an older claim");
    private static final String CONTESTED_LINE =
            "claim of c refused: 10.42.2.0/25 overlaps 10.42.2.0/24 of an older claim";

    private final LogLines log = new LogLines(ChangeLog.class);
    private final ChangeLog changes = new ChangeLog();

    @AfterEach
    void end() {
        log.close();
    }

    private static Change add(int subnet) {
        return new Change.AddRoute(
                Route.plain(Ipv4Prefix.parse("10.42." + subnet + ".0/24"), Ipv4.parse("172.16.165.244")));
    }

    private static Outcome outcome(List<Change> applied, List<Failure> failures, Rejection... rejections) {
        Dump dump = new Dump(List.of(), Table.EMPTY, Set.of(), true, true);
        PeerView view = new PeerView(List.of(), List.of(rejections));
        return new Outcome(view, dump, Table.EMPTY, applied, failures, failures.isEmpty(), true);
    }

    @Test
    void everyChangeIsALineWithItsCause() {
        changes.pass("netlink", outcome(List.of(add(2), new Change.SetUp("tunl0")), List.of()), 0);
        assertThat(log.taken())
                .containsExactly(
                        "INFO ip route add 10.42.2.0/24 via 172.16.165.244 (netlink)",
                        "INFO ip link set tunl0 up (netlink)");
    }

    @Test
    void ofManyChangesTheFirstFiftyAreLinesAndTheRestACount() {
        List<Change> many = new ArrayList<>();
        for (int i = 0; i < 53; i++) {
            many.add(add(i));
        }
        changes.pass("event", outcome(many, List.of()), 0);
        assertThat(log.taken()).hasSize(51).endsWith("INFO and 3 more changes (event)");
    }

    @Test
    void whatStaysWrongIsSaidOnceAndAgainWhenItIsOver() {
        Outcome foreign = outcome(List.of(), List.of(new Failure(add(2), "EEXIST", "refused")), CONTESTED);
        String line = "ip route add 10.42.2.0/24 via 172.16.165.244: a foreign route is in the way and is left alone; "
                + "remove it or change the subnet";
        changes.pass("event", foreign, 0);
        assertThat(log.taken()).containsExactlyInAnyOrder("WARN " + line, "WARN " + CONTESTED_LINE + " (contested)");
        changes.pass("timer", foreign, 0);
        assertThat(log.taken()).isEmpty();
        changes.pass("timer", outcome(List.of(), List.of(), CONTESTED), 0);
        assertThat(log.taken()).containsExactly("INFO over: " + line);
        changes.pass("timer", outcome(List.of(), List.of()), 0);
        assertThat(log.taken()).isEmpty();
    }

    @Test
    void anotherErrorIsSaidInTheKernelsWords() {
        changes.pass("event", outcome(List.of(), List.of(new Failure(add(2), "EPERM", "run it as root"))), 0);
        assertThat(log.taken())
                .containsExactly("WARN ip route add 10.42.2.0/24 via 172.16.165.244: EPERM, run it as root");
    }

    @Test
    void aKernelThatCannotBeReadSaysNothingOfTheRest() {
        changes.pass("event", outcome(List.of(), List.of(), CONTESTED), 0);
        log.taken();
        changes.broken("the dump was interrupted");
        changes.broken("the dump was interrupted");
        assertThat(log.taken()).containsExactly("WARN the dump was interrupted");
        changes.pass("timer", outcome(List.of(), List.of(), CONTESTED), 0);
        assertThat(log.taken()).containsExactly("INFO over: the dump was interrupted");
    }

    @Test
    void anotherTroubleWithTheKernelTakesThePlaceOfTheFirst() {
        changes.broken("the dump was interrupted");
        changes.broken("no netlink socket");
        assertThat(log.taken())
                .containsExactly(
                        "WARN the dump was interrupted",
                        "WARN no netlink socket",
                        "INFO over: the dump was interrupted");
    }
}
