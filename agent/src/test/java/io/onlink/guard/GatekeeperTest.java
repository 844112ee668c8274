package io.onlink.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Claims;
import io.onlink.peer.PeerView;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.FakeKernel;
import io.onlink.route.Gate;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.LinkCounters;
import io.onlink.route.Reconciler;
import io.onlink.route.Route;
import io.onlink.route.TunnelSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guard and the routes together: in which order a pass writes them. */
class GatekeeperTest {
    private static final String B = "b 172.16.165.244 10.42.2.0/24";
    private static final String C = "c 172.16.168.113 10.42.3.0/24";
    private static final String PAIR_B = "172.16.165.244 . 10.42.2.0/24";
    private static final String PAIR_C = "172.16.168.113 . 10.42.3.0/24";
    private static final TunnelSettings AT_A =
            new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, "", false);

    private final List<String> log = new ArrayList<>();
    private final List<GuardReading.Standing> repairs = new ArrayList<>();
    private final FakeKernel kernel = new FakeKernel("172.16.165.33/24", false);
    private final FakeGuard guard = new FakeGuard(log);
    private Gatekeeper keeper = keeper();
    private Reconciler reconciler = reconciler();

    private Gatekeeper keeper() {
        return new Gatekeeper(guard, List.of(AT_A.subnet()), repairs::add);
    }

    private Reconciler reconciler() {
        return new Reconciler(new Logged(), AT_A, false, keeper);
    }

    @BeforeEach
    void aMeshOfThree() throws KernelException {
        pass(B + "\n" + C);
    }

    private void pass(String claims) throws KernelException {
        pass(claims, true);
    }

    private void pass(String claims, boolean mayDelete) throws KernelException {
        PeerView view = claims.isEmpty() ? PeerView.EMPTY : PeerView.of(Claims.atA(), Claims.of(claims));
        reconciler.reconcile(dump -> view, dst -> mayDelete);
    }

    private String did() {
        String text = String.join("\n", log);
        log.clear();
        return text;
    }

    @Test
    void theGuardIsThereBeforeTheTunnelAndAPairBeforeItsRoute() {
        assertThat(did()).isEqualTo("""
                guard = []
                ip link add tunl0 type ipip
                ip link set tunl0 mtu 1480
                ip address add 10.42.1.0/32 dev tunl0
                ip link set tunl0 up
                guard +[%s, %s] -[]
                ip route add 10.42.2.0/24 via 172.16.165.244
                ip route add 10.42.3.0/24 via 172.16.168.113""".formatted(PAIR_B, PAIR_C));
    }

    @Test
    void aPairGoesAfterItsRouteAndAPassWithoutNewsWritesNothing() throws KernelException {
        did();
        pass(C);
        assertThat(did()).isEqualTo("""
                ip route del 10.42.2.0/24 via 172.16.165.244
                guard +[] -[%s]""".formatted(PAIR_B));
        pass(C);
        assertThat(did()).isEmpty();
        assertThat(repairs).isEmpty();
    }

    @Test
    void aPeerThatMovesIsLetInFromBothPlacesWhileItsRouteChanges() throws KernelException {
        did();
        pass("b 172.16.165.245 10.42.2.0/24\n" + C);
        assertThat(did()).isEqualTo("""
                guard +[172.16.165.245 . 10.42.2.0/24] -[]
                ip route replace 10.42.2.0/24 via 172.16.165.245
                guard +[] -[%s]""".formatted(PAIR_B));
    }

    @Test
    void aRouteThatStaysKeepsItsPairThoughNobodyClaimsIt() throws KernelException {
        keeper = keeper();
        reconciler = reconciler();
        did();
        pass("", false);
        assertThat(did()).isEmpty();
        guard.flush();
        pass("", false);
        assertThat(did()).isEqualTo("guard = [" + PAIR_B + ", " + PAIR_C + "]");
    }

    @Test
    void aGuardThatWasFlushedAlteredOrWidenedIsPutRightAndCounted() throws KernelException {
        did();
        guard.flush();
        pass(B + "\n" + C);
        assertThat(did()).isEqualTo("guard = [" + PAIR_B + ", " + PAIR_C + "]");
        assertThat(reconciler.gateRepaired()).isTrue();
        guard.alter();
        pass(B + "\n" + C);
        assertThat(did()).isEqualTo("guard = [" + PAIR_B + ", " + PAIR_C + "]");
        guard.apply(
                GuardDiff.narrow(guard.read().table(), Tables.table("10.42.1.0/24", PAIR_B, "6.6.6.6 . 0.0.0.0/0")));
        did();
        pass(B + "\n" + C);
        assertThat(did()).isEqualTo("guard +[" + PAIR_C + "] -[]\nguard +[] -[6.6.6.6 . 0.0.0.0/0]");
        assertThat(repairs)
                .containsExactly(
                        GuardReading.Standing.ABSENT, GuardReading.Standing.ALTERED, GuardReading.Standing.INTACT);
        assertThat(keeper.state()).isEqualTo(new Gatekeeper.State(true, 3));
        pass(B + "\n" + C);
        assertThat(reconciler.gateRepaired()).isFalse();
    }

    @Test
    void aGuardThatCannotBeWrittenKeepsTheRoutesAsTheyAre() throws KernelException {
        did();
        guard.flush();
        guard.fail();
        assertThatThrownBy(() -> pass("b 172.16.165.245 10.42.2.0/24")).hasMessageContaining("ENOSPC");
        assertThat(did()).isEmpty();
        assertThat(keeper.state().stands()).isFalse();
    }

    @Test
    void whoLeavesWithdrawsTheRoutesAndThenLetsNobodyIn() throws KernelException {
        did();
        assertThat(reconciler.withdraw()).isEmpty();
        assertThat(did())
                .endsWith("guard +[] -[" + PAIR_B + ", " + PAIR_C + "]")
                .startsWith("ip route del");
    }

    @Test
    void whoLeavesAfterTheGuardWasFlushedLetsNobodyInAllTheSame() throws KernelException {
        did();
        guard.flush();
        assertThat(reconciler.withdraw()).isEmpty();
        assertThat(did()).startsWith("ip route del").endsWith("guard = []");
    }

    @Test
    void elementsThatCannotBeChangedAreWrittenAnewWithAllOthers() throws KernelException {
        did();
        guard.deceive();
        pass(C);
        assertThat(did()).isEqualTo("""
                ip route del 10.42.2.0/24 via 172.16.165.244
                guard = [%s]""".formatted(PAIR_C));
        assertThat(repairs).containsExactly(GuardReading.Standing.ALTERED);
        assertThat(keeper.state()).isEqualTo(new Gatekeeper.State(true, 1));
        pass(C);
        assertThat(did()).isEmpty();
    }

    @Test
    void aTunnelThatHasJustBeenMadeIsLookedAtBeforeItIsUp() throws KernelException {
        FakeKernel bare = new FakeKernel("172.16.165.33/24", false);
        log.clear();
        Gate looking = new Gate() {
            @Override
            public void stand(Collection<Route> routes) throws KernelException {
                log.add("stand "
                        + bare.dump()
                                .link("tunl0")
                                .map(link -> link.up() ? "up" : "down")
                                .orElse("none"));
            }

            @Override
            public void widen(PeerView view, Collection<Route> routes) {}

            @Override
            public void narrow(PeerView view, Collection<Route> leftover) {}

            @Override
            public boolean repaired() {
                return false;
            }
        };
        new Reconciler(bare, AT_A, false, looking).reconcile(dump -> PeerView.EMPTY, dst -> true);
        assertThat(log).containsExactly("stand none", "stand down", "stand up");
    }

    /** Writes down what is asked of the kernel. */
    private final class Logged implements Kernel {
        @Override
        public Dump dump() throws KernelException {
            return kernel.dump();
        }

        @Override
        public List<Failure> apply(List<Change> changes) throws KernelException {
            changes.forEach(change -> log.add(change.toString()));
            return kernel.apply(changes);
        }

        @Override
        public LinkCounters counters(String link) {
            return kernel.counters(link);
        }

        @Override
        public void close() {
            kernel.close();
        }
    }
}
