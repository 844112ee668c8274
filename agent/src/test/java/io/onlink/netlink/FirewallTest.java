package io.onlink.netlink;

import static io.onlink.netlink.Namespace.feed;
import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.guard.GuardChange;
import io.onlink.guard.Tables;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This kernel's own nf_tables, with firewalls as they are written in the wild. */
@Tag("netns")
class FirewallTest {
    private static final HookChain INPUT = new HookChain("inet", "fw", "input", false, false);
    private static final HookChain INPUT_BY_NAME = new HookChain("inet", "fw", "input", false, true);
    private static final HookChain FORWARD = new HookChain("inet", "fw", "forward", true, false);

    /** Of a firewall with these rules, commas between them. */
    private static List<HookChain> input(String policy, String rules) throws Exception {
        return chains("input", policy, rules);
    }

    private static List<HookChain> chains(String hook, String policy, String rules) throws Exception {
        run("nft flush ruleset");
        feed("nft -f -", """
                table inet fw {
                  chain zones { tcp dport 22 accept; }
                  chain %s { type filter hook %s priority 10; policy %s; %s; }
                }
                """.formatted(hook, hook, policy, rules.replace(", ", ";\n")));
        return Firewall.inTheWay("tunl0");
    }

    @Test
    void whoAcceptsByDefaultAndWhoStandsElsewhereIsNotInTheWay() throws Exception {
        inside(() -> {
            assertThat(Firewall.inTheWay("tunl0")).isEmpty();
            assertThat(input("accept", "ct state established accept, tcp dport 25 drop"))
                    .isEmpty();
            assertThat(chains("output", "drop", "tcp dport 22 accept")).isEmpty();
            run("nft flush ruleset");
            try (NftGuard guard = NftGuard.open("tunl0")) {
                guard.apply(new GuardChange.Rewrite(Tables.ofPeers(2)));
                assertThat(Firewall.inTheWay("tunl0")).as("our own guard").isEmpty();
            }
        });
    }

    @Test
    void aPolicyThatDropsIsInTheWayUntilARuleAcceptsTheMesh() throws Exception {
        inside(() -> {
            assertThat(input("drop", "tcp dport 22 accept")).containsExactly(INPUT);
            assertThat(input("drop", "tcp dport 22 accept, ip protocol 4 accept"))
                    .isEmpty();
            assertThat(input("drop", "ip saddr 172.16.0.0/12 meta l4proto 4 counter accept"))
                    .isEmpty();
            assertThat(chains("forward", "drop", "ct state established accept")).containsExactly(FORWARD);
            assertThat(chains("forward", "drop", "iifname \"tunl0\" accept")).containsExactly(FORWARD);
            assertThat(chains("forward", "drop", "iifname \"tunl0\" accept, oifname \"tunl0\" counter accept"))
                    .isEmpty();
        });
    }

    /** As firewalld, and the rules that come with some distributions, end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ct state established accept, iifname \"lo\" accept, jump zones, reject with icmpx admin-prohibited",
                "ct state established accept, jump zones, counter log prefix \"no \" drop",
                "tcp dport 22 accept, reject",
            })
    void aLastRuleThatDropsAllIsInTheWayThoughThePolicyAccepts(String rules) throws Exception {
        inside(() -> {
            assertThat(input("accept", rules)).containsExactly(INPUT);
            assertThat(input("accept", "ip protocol 4 accept, " + rules)).isEmpty();
            assertThat(input("accept", "accept, " + rules)).isEmpty();
            assertThat(chains("forward", "accept", rules)).containsExactly(FORWARD);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip protocol 4 drop",
                "meta l4proto 4 counter reject",
                "ip saddr != 172.16.165.0-172.16.168.255 ip protocol 4 log drop",
            })
    void aRuleThatDropsProtocolFourIsNamed(String rule) throws Exception {
        inside(() -> {
            assertThat(input("accept", "tcp dport 22 accept, " + rule)).containsExactly(INPUT_BY_NAME);
            assertThat(chains("forward", "accept", "oifname \"tunl0\" drop"))
                    .containsExactly(new HookChain("inet", "fw", "forward", true, true));
        });
    }
}
