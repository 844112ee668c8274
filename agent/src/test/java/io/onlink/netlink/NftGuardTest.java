package io.onlink.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardDiff;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guard on this host's own nf_tables. */
@Tag("netns")
class NftGuardTest {
    private static final GuardTable TWO =
            table("10.42.1.0/24", "10.99.0.2 . 10.42.2.0/24", "10.99.0.3 . 10.42.3.0/24");

    private static GuardTable table(String own, String... pairs) {
        List<Pair> all = new ArrayList<>();
        for (String pair : pairs) {
            String[] parts = pair.split(" . ", -1);
            all.add(new Pair(Ipv4.parse(parts[0]), Ipv4Prefix.parse(parts[1])));
        }
        return GuardTable.of(all, List.of(Ipv4Prefix.parse(own)));
    }

    @Test
    void theKernelTakesTheGuardAndATrialLeavesNothingBehind() throws Exception {
        Namespace.inside(() -> {
            try (NftGuard guard = NftGuard.open("tunl0")) {
                guard.attempt();
                assertThat(Namespace.run("nft list ruleset")).isEmpty();
                guard.apply(new GuardChange.Rewrite(TWO));
                System.out.println(Namespace.run("nft list ruleset"));
                try (NftGuard other = NftGuard.open("tunl0")) {
                    assertThat(other.read()).isEqualTo(GuardReading.intact(TWO));
                    assertThat(other.counts(true).dropped()).hasSize(5);
                }
            }
        });
    }
}
