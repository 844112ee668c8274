package io.onlink.netlink;

import static io.onlink.guard.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.onlink.guard.DropReason;
import io.onlink.guard.Guard;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardDiff;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Tables;
import io.onlink.route.KernelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guard on this host's own nf_tables, looked at through the {@code nft} command. */
@Tag("netns")
class NftGuardTest {
    private static final GuardTable TWO = table("10.42.1.0/24", "10.99.0.2 . 10.42.2.0/24", "10.99.0.3 . 10.42.3.0/24");

    private interface Body {
        void run(NftGuard guard) throws Exception;
    }

    private static void inside(Body body) throws Exception {
        Namespace.inside(() -> {
            try (NftGuard guard = NftGuard.open("tunl0")) {
                body.run(guard);
            }
        });
    }

    private static String ruleset() throws Exception {
        return Namespace.run("nft list ruleset");
    }

    /** One that has seen nothing, so that it reads all. */
    private static GuardReading fresh() throws KernelException {
        try (NftGuard other = NftGuard.open("tunl0")) {
            return other.read();
        }
    }

    @Test
    void theTableIsWhatANetworkEngineWouldHaveWritten() throws Exception {
        inside(guard -> {
            guard.apply(new GuardChange.Rewrite(TWO));
            try (var in = Objects.requireNonNull(NftGuardTest.class.getResourceAsStream("/guard/onlink.nft"))) {
                assertThat(ruleset()).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
            assertThat(fresh()).isEqualTo(GuardReading.intact(TWO));
            assertThat(guard.counts(true).dropped()).containsOnlyKeys(DropReason.values());
        });
    }

    @Test
    void aProbeAndARemovalLeaveTheRulesetAsItWas() throws Exception {
        inside(guard -> {
            Namespace.run("nft add table ip onlink2");
            Namespace.run("nft add chain ip onlink2 c");
            String before = ruleset();
            guard.probe();
            assertThat(ruleset()).isEqualTo(before);
            guard.remove();
            guard.apply(new GuardChange.Rewrite(TWO));
            assertThat(ruleset()).isNotEqualTo(before);
            guard.remove();
            assertThat(ruleset()).isEqualTo(before);
            assertThat(guard.read()).isEqualTo(GuardReading.ABSENT);
        });
    }

    @Test
    void aChangeWritesOnlyWhatDiffersAndKeepsTheCounters() throws Exception {
        inside(guard -> {
            guard.apply(new GuardChange.Rewrite(TWO));
            String handle = Namespace.run("nft -a list table ip onlink")
                    .lines()
                    .findFirst()
                    .orElseThrow();
            GuardTable then = table(
                    "10.42.1.0/24,10.43.0.0/16,255.255.255.0/24",
                    "10.99.0.2 . 10.42.2.0/25",
                    "10.99.0.2 . 10.42.9.1/32",
                    "10.99.0.4 . 0.0.0.0/0");
            guard.apply(GuardDiff.narrow(guard.read().table(), then));
            assertThat(guard.read()).isEqualTo(GuardReading.intact(then));
            assertThat(fresh()).isEqualTo(GuardReading.intact(then));
            guard.apply(GuardDiff.narrow(then, TWO));
            assertThat(fresh()).isEqualTo(GuardReading.intact(TWO));
            assertThat(Namespace.run("nft -a list table ip onlink")).startsWith(handle);
        });
    }

    @Test
    void whateverSomebodyElseDoesToItIsFoundAndOneRewritePutsItRight() throws Exception {
        List<String> tampering = List.of(
                "nft flush chain ip onlink inner",
                "nft insert rule ip onlink outer accept",
                "nft add chain ip onlink more",
                "nft delete rule ip onlink sent handle " + "SENT",
                "nft add table ip onlink { flags dormant; }",
                "nft add element ip onlink peers { 10.99.0.9 }",
                "nft delete element ip onlink sent_to { 10.99.0.2 }",
                "nft delete element ip onlink received_from { 10.99.0.2 }",
                "nft add chain ip onlink inner { policy drop; }",
                "nft add element ip onlink pairs { 10.99.0.2 . 10.42.7.1-10.42.7.9 }",
                "nft add element ip onlink own { 10.50.0.1-10.50.0.6 }");
        inside(guard -> {
            for (String command : tampering) {
                guard.apply(new GuardChange.Rewrite(TWO));
                assertThat(guard.read()).isEqualTo(GuardReading.intact(TWO));
                String handle = Namespace.run("nft -a list chain ip onlink sent")
                        .replaceAll("(?s).*accept # handle ([0-9]+).*", "$1");
                Namespace.feed("nft -f -", command.replace("nft ", "").replace("SENT", handle) + "\n");
                assertThat(guard.read()).as(command).isEqualTo(GuardReading.ALTERED);
            }
            Namespace.run("nft flush ruleset");
            assertThat(guard.read()).isEqualTo(GuardReading.ABSENT);
            guard.apply(new GuardChange.Rewrite(TWO));
            Namespace.run("nft add element ip onlink own { 10.50.0.0/16 }");
            assertThat(guard.read().table().own()).hasToString("[10.42.1.0/24, 10.50.0.0/16]");
        });
    }

    @Test
    void othersChangesAreToldAndOurOwnAreNot() throws Exception {
        inside(guard -> {
            AtomicInteger told = new AtomicInteger();
            try (Guard.Watch watch = guard.watch(told::incrementAndGet)) {
                assertThat(watch).isNotNull();
                guard.apply(new GuardChange.Rewrite(TWO));
                guard.apply(GuardDiff.narrow(TWO, GuardTable.EMPTY));
                Namespace.run("nft add table ip other");
                Namespace.run("nft delete table ip other");
                assertThat(told).hasValue(0);
                Namespace.run("nft flush chain ip onlink inner");
                await().atMost(Duration.ofSeconds(2)).untilAtomic(told, org.hamcrest.Matchers.is(1));
                Namespace.run("nft flush ruleset");
                await().atMost(Duration.ofSeconds(2)).untilAtomic(told, org.hamcrest.Matchers.greaterThan(1));
            }
        });
    }

    @Test
    void aRefusedChangeChangesNothing() throws Exception {
        inside(guard -> {
            guard.apply(new GuardChange.Rewrite(TWO));
            assertThat(guard.read()).isEqualTo(GuardReading.intact(TWO));
            GuardTable one = table("10.42.1.0/24", "10.99.0.3 . 10.42.3.0/24");
            GuardChange change = GuardDiff.narrow(TWO, one);
            Namespace.run("nft delete element ip onlink pairs { 10.99.0.2 . 10.42.2.0/24 }");
            String before = ruleset();
            assertThatThrownBy(() -> guard.apply(change))
                    .isInstanceOf(KernelException.class)
                    .hasMessage("cannot update the packet guard by nf_tables: ENOENT, no such object");
            assertThat(ruleset()).isEqualTo(before);
        });
    }

    @Test
    void tenThousandPeersAreOneTransaction() throws Exception {
        inside(guard -> {
            GuardTable many = Tables.ofPeers(10_000);
            guard.apply(new GuardChange.Rewrite(many));
            assertThat(fresh()).isEqualTo(GuardReading.intact(many));
            GuardTable more = Tables.ofPeers(10_001);
            guard.apply(GuardDiff.widen(GuardReading.intact(many), more));
            assertThat(fresh()).isEqualTo(GuardReading.intact(more));
        });
    }

    @Test
    void aHundredThousandPrefixesOfFourHundredPeersAreOneTransaction() throws Exception {
        inside(guard -> {
            GuardTable many = Tables.ofPeers(400, 250);
            guard.apply(new GuardChange.Rewrite(many));
            assertThat(fresh()).isEqualTo(GuardReading.intact(many));
            guard.apply(GuardDiff.narrow(many, GuardTable.EMPTY));
            guard.apply(GuardDiff.narrow(GuardTable.EMPTY, many));
            assertThat(fresh()).isEqualTo(GuardReading.intact(many));
        });
    }
}
