package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.host.Before;
import io.onlink.host.Links;
import io.onlink.host.NotingKernel;
import io.onlink.host.PutBack;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.PeerView;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.FakeKernel;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.LinkCounters;
import io.onlink.route.Reconciler;
import io.onlink.route.TunnelSettings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code onlink cleanup} does to a host with a real ipip link, on kernels that tell who made an address or do not. */
class CleanupTest {
    /** Forwarding is left alone: the switches would be those of the machine that tests. */
    private static final TunnelSettings SETTINGS =
            new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.31.7.1"), 0, "mybr0", false);

    @TempDir
    private Path directory;

    private final FakeKernel host = new FakeKernel("172.31.7.1/24", true);
    private final Set<String> bridgesInUse = new HashSet<>();
    private final Set<String> madeByOthersSince = new HashSet<>();
    private boolean tells = true;
    private boolean guard;

    private final Links links = new Links() {
        @Override
        public OptionalInt index(String link) throws KernelException {
            int index = link.length() + (madeByOthersSince.contains(link) ? 100 : 0);
            return host.dump().link(link).isPresent() ? OptionalInt.of(index) : OptionalInt.empty();
        }

        @Override
        public boolean hasPorts(String bridge) {
            return bridgesInUse.contains(bridge);
        }

        @Override
        public Optional<String> foreignRoute(String link) {
            return Optional.empty();
        }
    };

    private final Cleanup.Keeper keeper = new Cleanup.Keeper() {
        @Override
        public boolean stands() {
            return guard;
        }

        @Override
        public boolean remove() {
            boolean was = guard;
            guard = false;
            return was;
        }
    };

    /** The host, as a kernel before 5.18 shows it unless it tells who made an address. */
    private final Kernel kernel = new Kernel() {
        @Override
        public Dump dump() throws KernelException {
            Dump dump = host.dump();
            List<Link> shown = tells
                    ? dump.links()
                    : dump.links().stream().map(CleanupTest::untold).toList();
            return new Dump(shown, dump.table(), Set.of(), dump.nexthopObjects(), dump.forwarding());
        }

        @Override
        public List<Failure> apply(List<Change> changes) {
            return host.apply(changes);
        }

        @Override
        public LinkCounters counters(String link) {
            return LinkCounters.ZERO;
        }

        @Override
        public void close() {}
    };

    private static Link untold(Link link) {
        List<Link.Address> addresses = link.addresses().stream()
                .map(address -> new Link.Address(address.local(), address.length(), Link.Maker.UNKNOWN))
                .toList();
        return new Link(link.name(), link.kind(), link.mtu(), link.up(), addresses);
    }

    private Reconciler agent(String stateDirectory) throws KernelException {
        return agent(stateDirectory, SETTINGS);
    }

    private Reconciler agent(String stateDirectory, TunnelSettings settings) throws KernelException {
        Before before = Before.in(directory.resolve(stateDirectory));
        Reconciler agent = new Reconciler(new NotingKernel(kernel, links, before), settings, true);
        assertThat(agent.reconcile(dump -> PeerView.EMPTY, dst -> true).tunnelUp())
                .isTrue();
        guard = true;
        return agent;
    }

    /** For it is up, with an address of somebody else. */
    private void cleanupKeepsTheGuardFor(String link) throws KernelException {
        assertThat(cleanup("a")).isEqualTo(69);
        assertThat(host.link(link)).isEqualTo(link + " UP mtu 1480 [10.42.77.0/32]");
        assertThat(guard).isTrue();
    }

    private void cleanupEndsOnceItIsDown(String link) throws KernelException {
        host.linkDown(link);
        assertThat(cleanup("a")).isZero();
        assertThat(guard).isFalse();
    }

    private int cleanup(String stateDirectory) throws KernelException {
        PutBack back = new PutBack(kernel, links, Before.in(directory.resolve(stateDirectory)));
        return new Cleanup(kernel, "tunl0", back, keeper).run();
    }

    private void theModuleIsLoaded() {
        assertThat(host.apply(List.of(new Change.CreateLink("tunl0", "ipip", Ipv4.ANY))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnAgentMadeGoesWhoeverTellsThatItDid(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        agent("a");
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("tunl0")).isEqualTo("tunl0 DOWN mtu 1480 []");
        assertThat(host.link("mybr0")).isEqualTo("no mybr0");
        assertThat(guard).isFalse();
        assertThat(directory.resolve("a/before")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theGuardStaysWhileATunnelThatWasDownIsUpWithAnAddressOfSomebodyElse(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        host.hand("ip address add 10.42.77.0/32 dev tunl0");
        agent("a");
        cleanupKeepsTheGuardFor("tunl0");
        cleanupEndsOnceItIsDown("tunl0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTunnelThatWasInUseBeforeIsLeftAsItWas(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        host.hand("ip address add 10.42.77.0/32 dev tunl0");
        host.hand("ip link set tunl0 up");
        agent("a");
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 [10.42.77.0/32]");
        assertThat(guard).isFalse();
    }

    @Test
    void withoutTheNotesTheGuardStaysWhereTheKernelDoesNotTellWhoseTheAddressIs() throws KernelException {
        tells = false;
        theModuleIsLoaded();
        agent("a");
        assertThat(cleanup("elsewhere")).isEqualTo(69);
        assertThat(host.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 [10.42.1.0/32]");
        assertThat(guard).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterALeaveTheTunnelIsSetDownWithoutTheNotesToo(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        assertThat(agent("a").withdraw()).isEmpty();
        assertThat(cleanup("elsewhere")).isZero();
        assertThat(host.link("tunl0")).isEqualTo("tunl0 DOWN mtu 1480 []");
        assertThat(guard).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAFormerRunLeftIsNoUseOfTheTunnelByOthersWhenItsNotesAreLost(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        agent("lost").withdraw();
        agent("a");
        host.hand("ip address add 10.42.77.0/32 dev tunl0");
        assertThat(cleanup("a")).isEqualTo(69);
        assertThat(guard).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBridgeOfOursWithAnAddressOfSomebodyElseStays(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        agent("a");
        host.hand("ip address add 10.42.1.9/24 dev mybr0");
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("mybr0")).contains("10.42.1.9/24");
        assertThat(guard).isFalse();
    }

    @Test
    void anAddressThatSomebodyPutThereAfterALeaveIsHis() throws KernelException {
        tells = false;
        theModuleIsLoaded();
        agent("a").withdraw();
        host.hand("ip address add 10.42.1.0/32 dev tunl0");
        assertThat(cleanup("a")).isEqualTo(69);
        assertThat(host.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 [10.42.1.0/32]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBridgeThatWasInUseGoesWhenItIsNotAnyMore(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        agent("a");
        bridgesInUse.add("mybr0");
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("mybr0")).isEqualTo("mybr0 UP mtu 1480 [10.42.1.1/24]");
        host.hand("ip link set tunl0 up");
        bridgesInUse.clear();
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("mybr0")).isEqualTo("no mybr0");
        // What was put back is forgotten: the operator has set it otherwise since.
        assertThat(host.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 []");
        assertThat(directory.resolve("a/before")).doesNotExist();
    }

    @Test
    void aTunnelThatWasLeftUpIsSetDownWhenItsOwnerIsDoneWithIt() throws KernelException {
        theModuleIsLoaded();
        host.hand("ip address add 10.42.77.0/32 dev tunl0");
        agent("a");
        assertThat(cleanup("a")).isEqualTo(69);
        host.hand("ip address del 10.42.77.0/32 dev tunl0");
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("tunl0")).isEqualTo("tunl0 DOWN mtu 1480 []");
        assertThat(directory.resolve("a/before")).doesNotExist();
    }

    @Test
    void aTunnelThatNoAgentEverHadIsNotTouched() throws KernelException {
        theModuleIsLoaded();
        host.hand("ip link set tunl0 up");
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 []");
    }

    /** An agent with a tunnel of its own name. */
    private void agentOfOnl0() throws KernelException {
        agent("a", new TunnelSettings("onl0", SETTINGS.subnet(), SETTINGS.nodeIp(), 0, "", false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTunnelOfAFormerSettingGoesToo(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        agentOfOnl0();
        agent("a");
        assertThat(host.link("onl0")).isEqualTo("onl0 UP mtu 1480 [10.42.1.0/32]");
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("onl0")).isEqualTo("no onl0");
        assertThat(host.link("tunl0")).isEqualTo("tunl0 DOWN mtu 1480 []");
        assertThat(guard).isFalse();
        assertThat(directory.resolve("a/before")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCleanupThatIsNotToldTheTunnelFindsItAndLeavesThatOfSomebodyElseUp(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        host.hand("ip link set tunl0 up");
        agentOfOnl0();
        assertThat(cleanup("a")).isEqualTo(69);
        assertThat(host.link("onl0")).isEqualTo("no onl0");
        assertThat(host.link("tunl0")).isEqualTo("tunl0 UP mtu 1480 []");
        assertThat(guard).isTrue();
        cleanupEndsOnceItIsDown("tunl0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theGuardStaysWhileTheTunnelOfAFormerSettingIsUpHoweverOften(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        agentOfOnl0();
        agent("a");
        host.hand("ip address add 10.42.77.0/32 dev onl0");
        for (int i = 0; i < 2; i++) {
            cleanupKeepsTheGuardFor("onl0");
        }
        cleanupEndsOnceItIsDown("onl0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theGuardStaysWhileATunnelOfAFormerSettingIsUpThatWasUpBefore(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        host.apply(List.of(new Change.CreateLink("onl0", "ipip", SETTINGS.nodeIp()), new Change.SetUp("onl0")));
        agentOfOnl0();
        host.hand("ip address add 10.42.77.0/32 dev onl0");
        for (int i = 0; i < 2; i++) {
            cleanupKeepsTheGuardFor("onl0");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTunnelOfAFormerSettingThatWasInUseBeforeIsLeftAsItWas(boolean stays) throws KernelException {
        theModuleIsLoaded();
        host.apply(List.of(new Change.CreateLink("onl0", "ipip", SETTINGS.nodeIp()), new Change.SetUp("onl0")));
        host.hand("ip address add 10.42.77.0/32 dev onl0");
        agentOfOnl0();
        assertThat(host.link("onl0")).isEqualTo("onl0 UP mtu 1480 [10.42.77.0/32, 10.42.1.0/32]");
        if (!stays) {
            host.hand("ip address del 10.42.77.0/32 dev onl0");
        }
        assertThat(cleanup("a")).isZero();
        assertThat(host.link("onl0")).isEqualTo("onl0 UP mtu 1480 [" + (stays ? "10.42.77.0/32" : "") + "]");
        assertThat(guard).isFalse();
        assertThat(directory.resolve("a/before")).doesNotExist();
    }

    @Test
    void aLinkThatSomebodyElseHasMadeUnderTheNameOfAFormerTunnelIsNotSetDown() throws KernelException {
        tells = false;
        theModuleIsLoaded();
        agentOfOnl0();
        madeByOthersSince.add("onl0");
        assertThat(cleanup("a")).isEqualTo(69);
        assertThat(host.link("onl0")).isEqualTo("onl0 UP mtu 1480 [10.42.1.0/32]");
        assertThat(guard).isTrue();
        host.hand("ip address flush dev onl0");
        assertThat(cleanup("a")).isEqualTo(69);
        assertThat(host.link("onl0")).isEqualTo("onl0 UP mtu 1480 []");
        assertThat(guard).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void routesOfOthersByTheTunnelOfAFormerSettingKeepItAndTheGuard(boolean tells) throws KernelException {
        this.tells = tells;
        theModuleIsLoaded();
        agentOfOnl0();
        host.hand("ip route add 10.99.0.0/24 dev onl0 proto static");
        assertThat(cleanup("a")).isEqualTo(69);
        assertThat(host.link("onl0")).isEqualTo("onl0 UP mtu 1480 [10.42.1.0/32]");
        assertThat(host.foreign()).hasSize(1);
        assertThat(guard).isTrue();
    }
}
