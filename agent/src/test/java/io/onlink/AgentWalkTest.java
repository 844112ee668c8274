package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.peer.Verdict;
import io.onlink.route.Drift;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Random lives of a mesh around the agent: members come, go, fall silent and answer, the kernel drifts and fails. */
class AgentWalkTest {
    private static final String MESH = """
            b 172.16.165.41 10.42.2.0/24 10.42.3.0/24 @1
            c 172.16.165.42 10.42.4.0/24 @2
            d 172.16.165.43 10.42.5.0/24 10.42.2.0/25 @3
            e 172.16.165.44 10.42.6.0/24 @0
            """;
    private static final String ROUTES = """
            10.42.2.0/24 via 172.16.165.41 dev tunl0 proto onlink onlink
            10.42.3.0/24 via 172.16.165.41 dev tunl0 proto onlink onlink
            10.42.4.0/24 via 172.16.165.42 dev tunl0 proto onlink onlink
            10.42.5.0/24 via 172.16.165.43 dev tunl0 proto onlink onlink
            10.42.6.0/24 via 172.16.165.44 dev tunl0 proto onlink onlink
            """;

    private final List<Advertisement> mesh = Claims.of(MESH);

    /** Takes the lines, thousands of them, off the console. */
    private final LogLines log = new LogLines(ChangeLog.class);

    @AfterEach
    void end() {
        log.close();
    }

    private void live(DrivenAgent agent, Drift drift, Random random) throws InterruptedException {
        switch (random.nextInt(6)) {
            case 0, 1 -> agent.mailbox.gossip(some(random));
            case 2 -> {
                Advertisement member = mesh.get(random.nextInt(mesh.size()));
                agent.mailbox.answered(
                        member.name(), member.boot(), random.nextBoolean() ? Verdict.ANSWERED : Verdict.SILENT);
            }
            case 3 -> agent.kernel.refuse(drift.subnet());
            case 4 -> agent.kernel.breakDumps(random.nextInt(2));
            default -> {
                String command = drift.command();
                if (!command.contains("static")) {
                    agent.kernel.hand(command);
                }
            }
        }
        if (random.nextBoolean()) {
            agent.step(random.nextInt(40));
        }
    }

    private Gossip some(Random random) {
        List<Advertisement> alive = new ArrayList<>(mesh);
        alive.removeIf(member -> random.nextInt(3) == 0);
        Set<Long> left = mesh.stream()
                .filter(member -> !alive.contains(member) && random.nextBoolean())
                .map(Advertisement::boot)
                .collect(Collectors.toSet());
        return new Gossip(alive, left, List.of(), true);
    }

    @Test
    void whateverHappenedAWholeViewAndAGoodPassMakeItWhole() {
        Seeded.cases(300, random -> {
            DrivenAgent agent = new DrivenAgent(random.nextLong());
            Drift drift = new Drift(random, "tunl0");
            for (int i = 0; i < 40; i++) {
                live(agent, drift, random);
                assertThat(agent.idleSeconds()).isLessThanOrEqualTo(60.0);
            }
            agent.kernel.refuseNone();
            agent.kernel.breakDumps(0);
            agent.mailbox.gossip(new Gossip(mesh, Set.of(), List.of(), true));
            agent.step(1);
            agent.step(61);
            assertThat(agent.kernel).hasToString(ROUTES);
            assertThat(agent.status().ready()).isTrue();
        });
    }

    @Test
    void aMeshThatEndsLeavesNothingAfterTheHold() throws InterruptedException {
        DrivenAgent agent = new DrivenAgent(0);
        agent.mailbox.gossip(new Gossip(mesh, Set.of(), List.of(), true));
        agent.step(0);
        agent.mailbox.gossip(new Gossip(List.of(), Set.of(), List.of(), true));
        agent.step(1);
        for (int second = 0; second < 58; second++) {
            answer(agent);
            agent.step(1);
            assertThat(agent.kernel).hasToString(ROUTES);
        }
        answer(agent);
        agent.step(2);
        assertThat(agent.kernel).hasToString("");
    }

    private void answer(DrivenAgent agent) {
        mesh.forEach(member -> agent.mailbox.answered(member.name(), member.boot(), Verdict.ANSWERED));
    }
}
