package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.Sentry.BackEnd;
import io.onlink.config.Config;
import io.onlink.config.ConfigReader;
import io.onlink.guard.FakeGuard;
import io.onlink.guard.GuardChange;
import io.onlink.guard.Tables;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.PeerView;
import io.onlink.route.FakeKernel;
import io.onlink.route.KernelException;
import io.onlink.route.Reconciler;
import io.onlink.route.TunnelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentryTest {
    private static final TunnelSettings LINKS =
            new TunnelSettings("tunl0", Ipv4Prefix.parse("10.42.1.0/24"), Ipv4.parse("172.16.165.33"), 0, "", false);

    private final List<String> log = new ArrayList<>();
    private final FakeGuard nftables = new FakeGuard("nftables", log);
    private final FakeGuard tc = new FakeGuard("tc", log);
    private final List<BackEnd> backEnds =
            List.of(new BackEnd("nftables", tunnel -> nftables), new BackEnd("tc", tunnel -> tc));

    private static Config config(String guard) throws Exception {
        List<String> flags = List.of("--subnet", "10.42.1.0/24", "--insecure", "true", "--guard", guard);
        return new ConfigReader().read(flags, Map.of());
    }

    private void pass(Sentry sentry) throws KernelException {
        FakeKernel kernel = new FakeKernel("172.16.165.33/24", false);
        new Reconciler(kernel, LINKS, false, sentry.gate()).reconcile(dump -> PeerView.EMPTY, dst -> false);
    }

    @Test
    void theGuardOfAFormerRunGoesOnlyWhenThatOfThisRunStands() throws Exception {
        tc.apply(new GuardChange.Rewrite(Tables.ofPeers(1)));
        log.clear();
        try (Sentry sentry = Sentry.choose(config("auto"), backEnds)) {
            assertThat(log).isEmpty();
            pass(sentry);
            sentry.replaceOthers();
            assertThat(log).containsExactly("guard = []", "tc guard removed");
            assertThat(sentry.text()).isEqualTo("guard   nftables\n");
        }
    }

    @Test
    void withoutAGuardThoseOfFormerRunsGoAndNoneComes() throws Exception {
        nftables.apply(new GuardChange.Rewrite(Tables.ofPeers(1)));
        log.clear();
        try (Sentry sentry = Sentry.choose(config("off"), backEnds)) {
            pass(sentry);
            sentry.replaceOthers();
            assertThat(log).containsExactly("nftables guard removed");
            assertThat(sentry.text()).isEqualTo("guard   off\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EOPNOTSUPP", "EPROTONOSUPPORT", "EINVAL"})
    void aBackEndThatTheKernelLacksKeepsNothing(String errno) throws KernelException {
        assertThat(Sentry.remove(lacking(errno), "tunl0")).isFalse();
    }

    @Test
    void aRemovalThatIsRefusedIsNoSilence() {
        assertThatThrownBy(() -> Sentry.remove(lacking("EPERM"), "tunl0")).hasMessageContaining("no");
    }

    private static BackEnd lacking(String errno) {
        return new BackEnd("nftables", tunnel -> {
            throw new KernelException("no", errno);
        });
    }
}
