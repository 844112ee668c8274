package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.grant.Grants;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.peer.Rules;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnClaimTest {
    private static final Advertisement SELF = Claims.one("a 172.16.165.33 10.42.1.0/24 @0");
    private static final Rules RULES = new Rules(List.of(), 8, Optional.empty());

    private final OwnClaim claim = new OwnClaim(SELF);

    /** Another claim under our name and node IP, of another run. */
    private static Advertisement twin(long generation, long seniority) {
        return new Advertisement(
                SELF.name(), 7, generation, SELF.nodeIp(), 5114, SELF.subnets(), seniority, SELF.version());
    }

    @Test
    void aFirstTimeNodeComesAfterAllOthers() {
        assertThat(claim.reconsider(Claims.of("b 172.16.165.244 10.42.2.0/24 @41"), true))
                .isTrue();
        assertThat(claim.now().seniority()).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(longs = {Rules.MAX_COUNT - 1, Rules.MAX_COUNT})
    void behindTheHighestSeniorityThereIsATieAndNoOverflow(long highest) {
        claim.reconsider(Claims.of("b 172.16.165.244 10.42.2.0/24 @" + highest), true);
        assertThat(claim.now().seniority()).isEqualTo(Rules.MAX_COUNT);
        assertThat(RULES.refuse(claim.now())).isEmpty();
    }

    @Test
    void theGenerationGoesPastAFormerRuns() {
        claim.reconsider(List.of(twin(6, 3)), true);
        assertThat(claim.now()).isEqualTo(SELF.ranked(7, 3));
    }

    @ParameterizedTest
    @ValueSource(longs = {Rules.MAX_COUNT - 1, Rules.MAX_COUNT})
    void aClaimUnderOurNameOfTheHighestGenerationDoesNotMakeOursOverflow(long highest) {
        claim.reconsider(List.of(twin(highest, Rules.MAX_COUNT)), true);
        assertThat(claim.now()).isEqualTo(SELF.ranked(Rules.MAX_COUNT, Rules.MAX_COUNT));
        assertThat(RULES.refuse(claim.now())).isEmpty();
        assertThat(claim.reconsider(List.of(twin(highest, Rules.MAX_COUNT)), true))
                .isFalse();
    }

    @Test
    void whereAnAuthoritySignsAClaimWithoutAGrantMovesNothing() throws InterruptedException {
        Grants ours = Grants.of("ours");
        Advertisement self = new Advertisement(
                SELF.name(),
                SELF.boot(),
                1,
                SELF.nodeIp(),
                5114,
                SELF.subnets(),
                0,
                "test",
                ours.token("a 172.16.165.33 10.42.1.0/24"));
        DrivenAgent agent = new DrivenAgent(0, false, self, Optional.of(ours.authority()));
        Advertisement senior = Claims.one("x 172.16.165.9 10.42.9.0/24 @" + Rules.MAX_COUNT);
        agent.mailbox.gossip(
                new Gossip(List.of(twin(Rules.MAX_COUNT, Rules.MAX_COUNT), senior), Set.of(), List.of(), true));
        agent.step(0);
        assertThat(agent.advertised).containsExactly(self.ranked(1, 1));
    }

    @Test
    void whereNobodySignsSuchClaimsDoNotMakeUsRefuseOurselves() throws InterruptedException {
        DrivenAgent agent = new DrivenAgent(0);
        Advertisement beyond = Claims.one("x 172.16.165.9 10.42.9.0/24 @" + (Rules.MAX_COUNT + 1));
        Advertisement senior = Claims.one("y 172.16.165.10 10.42.10.0/24 @" + Rules.MAX_COUNT);
        agent.mailbox.gossip(new Gossip(
                List.of(twin(Rules.MAX_COUNT, Rules.MAX_COUNT + 1), twin(Rules.MAX_COUNT + 1, 1), beyond, senior),
                Set.of(),
                List.of(),
                true));
        agent.step(0);
        assertThat(agent.advertised)
                .hasSize(1)
                .allMatch(claim -> RULES.refuse(claim).isEmpty());
        assertThat(agent.advertised.get(0).seniority()).isEqualTo(Rules.MAX_COUNT);
    }
}
