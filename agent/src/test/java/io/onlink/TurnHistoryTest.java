package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.history.Culprits;
import io.onlink.history.Entry;
import io.onlink.history.History;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the history says of turns of a driven agent, in the words a person reads. */
class TurnHistoryTest {
    private static final String B = "b 172.16.165.244 10.42.2.0/24";
    private static final String C = "c 172.16.168.113 10.42.3.0/24";

    private final DrivenAgent driven = new DrivenAgent(0);
    private final History history = new History(InstantSource.system());
    private final Culprits culprits = new Culprits();
    private final TurnHistory told = new TurnHistory(history, culprits);
    private long now;
    private int read;

    private List<String> step(double seconds) throws InterruptedException {
        now += (long) (seconds * 1e9);
        int before = driven.turns.size();
        driven.step(seconds);
        driven.turns.subList(before, driven.turns.size()).forEach(turn -> told.turn(turn, now));
        List<Entry> all = history.entries();
        List<String> fresh = all.subList(read, all.size()).stream()
                .map(entry -> entry.what().word() + ": " + entry.text())
                .toList();
        read = all.size();
        return fresh;
    }

    private List<String> gossip(String claims) throws InterruptedException {
        driven.mailbox.gossip(Claims.alive(claims));
        return step(0.1);
    }

    @Test
    void joinsAreTold() throws InterruptedException {
        step(0);
        assertThat(gossip(B + "\n" + C))
                .containsExactly(
                        "joined: peer b joined: 172.16.165.244 with 10.42.2.0/24",
                        "joined: peer c joined: 172.16.168.113 with 10.42.3.0/24");
        assertThat(gossip(B + "\n" + C)).isEmpty();
    }

    @Test
    void anAnnouncedLeaveADeathAndAHoldThatRanOutAreToldApart() throws InterruptedException {
        step(0);
        gossip(B + "\n" + C + "\nd 172.16.168.114 10.42.4.0/24");
        driven.mailbox.gossip(new Gossip(
                Claims.of(C + "\nd 172.16.168.114 10.42.4.0/24"),
                Set.of(Claims.one(B).boot()),
                List.of(),
                true));
        assertThat(step(0.1))
                .containsExactly("left: peer b left: it announced its leave; it was 172.16.165.244 with 10.42.2.0/24");
        gossip("d 172.16.168.114 10.42.4.0/24");
        answered("d 172.16.168.114 10.42.4.0/24", Verdict.ANSWERED);
        answered(C, Verdict.SILENT);
        assertThat(step(0.1))
                .containsExactly("died: peer c died: gossip lost it and its host is silent; it was 172.16.168.113 with"
                        + " 10.42.3.0/24");
        gossip("");
        answered("d 172.16.168.114 10.42.4.0/24", Verdict.ANSWERED);
        step(0.1);
        assertThat(step(59.8)).isEmpty();
        answered("d 172.16.168.114 10.42.4.0/24", Verdict.ANSWERED);
        assertThat(step(1))
                .containsExactly("expired: peer d is given up: gossip lost it, and its agent did not come back within"
                        + " the hold time; it was 172.16.168.114 with 10.42.4.0/24");
    }

    private void answered(String claim, Verdict verdict) {
        driven.mailbox.answered(
                new NodeName(claim.substring(0, 1)), Claims.one(claim).boot(), verdict);
    }

    @Test
    void aMoveAndOtherSubnetsAreTold() throws InterruptedException {
        step(0);
        gossip(B);
        assertThat(gossip("b 172.16.165.7 10.42.2.0/24"))
                .containsExactly("readdressed: peer b moved from 172.16.165.244 to 172.16.165.7");
        assertThat(gossip("b 172.16.165.7 10.42.2.0/24 10.42.9.0/24"))
                .containsExactly("resized: peer b has 10.42.2.0/24,10.42.9.0/24 instead of 10.42.2.0/24");
    }

    @Test
    void aRefusedClaimIsToldOnceAMinuteHoweverOftenItComesAndGoes() throws InterruptedException {
        step(0);
        assertThat(gossip("b 172.16.165.244 192.0.2.0/24"))
                .singleElement()
                .asString()
                .startsWith("refused: claim of b refused: ");
        for (int i = 0; i < 20; i++) {
            gossip("");
            assertThat(gossip("b 172.16.165.244 192.0.2.0/24")).isEmpty();
        }
        gossip("");
        step(61);
        assertThat(gossip("b 172.16.165.244 192.0.2.0/24")).hasSize(1);
    }

    @Test
    void whoDeletedARouteIsNamedIfTheKernelSaidSo() throws InterruptedException {
        step(0);
        gossip(B);
        driven.kernel.hand("ip route del 10.42.2.0/24");
        culprits.touched(
                Ipv4Prefix.parse("10.42.2.0/24"), (int) ProcessHandle.current().pid(), now);
        driven.mailbox.kernelChanged();
        assertThat(step(0.1))
                .singleElement()
                .asString()
                .startsWith("repaired: ip route add 10.42.2.0/24 via 172.16.165.244")
                .endsWith(": it was missing, by java (pid "
                        + ProcessHandle.current().pid() + ")");
        Entry last = history.entries().get(history.entries().size() - 1);
        assertThat(last.peer()).isEqualTo("b");
        assertThat(last.details()).containsEntry("kind", "missing").containsEntry("command", "java");
    }

    @Test
    void driftThatNobodyIsKnownForSaysSo() throws InterruptedException {
        step(0);
        gossip(B);
        driven.kernel.hand("ip route del 10.42.2.0/24");
        assertThat(step(31)).singleElement().asString().endsWith("it was missing, by whom the kernel did not say");
    }

    @Test
    void aFlushOfManyRoutesDoesNotFlushTheHistory() throws InterruptedException {
        String many = IntStream.rangeClosed(2, 60)
                .mapToObj(n -> "n" + n + " 172.16.165." + n + " 10.42." + n + ".0/24")
                .filter(claim -> !claim.contains("172.16.165.33"))
                .collect(Collectors.joining("\n"));
        step(0);
        gossip(many);
        driven.kernel.linkDown("tunl0");
        driven.mailbox.kernelChanged();
        List<String> lines = step(0.1);
        assertThat(lines).hasSize(17);
        assertThat(lines.get(16)).matches("repaired: and [0-9]+ more repairs");
    }

    @Test
    void theGuardsComingAndGoingIsTold() throws InterruptedException {
        step(0);
        String three = B + "\n" + C + "\nd 172.16.168.114 10.42.4.0/24";
        gossip(three);
        gossip("");
        three.lines().forEach(claim -> answered(claim, Verdict.SILENT));
        assertThat(step(0.1)).singleElement().asString().startsWith("guarded: most hosts asked are silent");
        assertThat(gossip(three)).singleElement().asString().startsWith("released: a host answers again");
    }
}
