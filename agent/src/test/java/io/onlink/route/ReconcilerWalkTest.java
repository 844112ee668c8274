package io.onlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.Seeded;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Claims;
import io.onlink.peer.Peer;
import io.onlink.peer.PeerView;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happened before: one pass without a fault, and the table is exactly what it should be. */
class ReconcilerWalkTest {
    private static final int STEPS = 25;
    private static final TunnelSettings LINKS =
            new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, "", true);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyHistoryEndsInTheDesiredTableWithForeignRoutesAsTheyWere(boolean nexthops) {
        Seeded.cases(400, random -> {
            FakeKernel kernel = new FakeKernel("172.16.165.33/24", nexthops);
            Reconciler reconciler = new Reconciler(kernel, LINKS, true);
            Drift drift = new Drift(random, "tunl0");
            PeerView view = PeerView.EMPTY;
            List<String> history = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                String said = step(kernel, drift, random);
                view = said.startsWith("claims") ? PeerView.of(Claims.atA(), Claims.of(said.substring(7))) : view;
                history.add(said);
                if (random.nextInt(3) == 0) {
                    faultyPass(kernel, reconciler, view, random);
                    history.add("a pass");
                }
            }
            cleanPass(kernel, reconciler, view, history);
        });
    }

    private static String step(FakeKernel kernel, Drift drift, Random random) {
        if (random.nextInt(5) == 0) {
            return "claims\n" + drift.claims();
        }
        if (random.nextInt(12) == 0) {
            kernel.linkGone("tunl0");
            return "ip link del tunl0";
        }
        String command = drift.command();
        return command + " " + kernel.hand(command);
    }

    private static void faultyPass(FakeKernel kernel, Reconciler reconciler, PeerView view, Random random)
            throws KernelException {
        for (int i = random.nextInt(3); i > 0; i--) {
            kernel.refuse("10.42." + (2 + random.nextInt(6)) + ".0/24");
        }
        if (random.nextInt(6) == 0) {
            kernel.breakDumps(1);
            String before = kernel.toString();
            assertThatThrownBy(() -> reconciler.reconcile(dump -> view, dst -> true))
                    .isInstanceOf(KernelException.class);
            assertThat(kernel).hasToString(before);
        } else {
            List<String> foreign = foreign(kernel);
            reconciler.reconcile(dump -> view, dst -> random.nextBoolean());
            assertThat(foreign(kernel)).isEqualTo(foreign);
        }
        kernel.refuseNone();
    }

    private static void cleanPass(FakeKernel kernel, Reconciler reconciler, PeerView view, List<String> history)
            throws KernelException {
        String before = kernel + kernel.nexthops();
        List<String> foreign = foreign(kernel);
        Outcome outcome = reconciler.reconcile(dump -> view, dst -> true);
        String all = String.join("\n", history) + "\nbefore:\n" + before + "\nwritten: " + outcome.applied()
                + "\nrefused: " + outcome.failures();
        List<String> desired = view.peers().stream()
                .flatMap(ReconcilerWalkTest::lines)
                .sorted()
                .toList();
        List<String> taken = foreign.stream()
                .filter(line -> !line.contains(" metric "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertThat(ours(kernel))
                .as(all)
                .containsExactlyElementsOf(desired.stream()
                        .filter(line -> !taken.contains(line.substring(0, line.indexOf(' '))))
                        .toList());
        assertThat(foreign(kernel)).as(all).isEqualTo(foreign);
        assertThat(outcome.failures()).as(all).allMatch(Failure::foreign);
        assertThat(outcome.installed()).as(all).isEqualTo(ours(kernel).size());
        assertThat(outcome.settled()).as(all).isEqualTo(outcome.installed() == desired.size());
        kernel.written();
        reconciler.reconcile(dump -> view, dst -> true);
        assertThat(kernel.written()).as(all).allMatch(line -> line.endsWith(" EEXIST"));
    }

    private static Stream<String> lines(Peer peer) {
        return peer.subnets().stream()
                .map(subnet -> subnet + " via " + peer.nodeIp() + " dev tunl0 proto onlink onlink");
    }

    private static List<String> ours(FakeKernel kernel) {
        return kernel.toString()
                .lines()
                .filter(line -> line.contains("proto onlink"))
                .map(line -> line.replaceFirst(" nhid [0-9]+", ""))
                .sorted()
                .toList();
    }

    private static List<String> foreign(FakeKernel kernel) {
        return kernel.toString()
                .lines()
                .filter(line -> !line.contains("proto onlink"))
                .toList();
    }
}
