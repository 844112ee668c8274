package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import io.onlink.peer.Gossip;
import io.onlink.peer.Verdict;
import io.onlink.route.FakeKernel;
import io.onlink.route.Route;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A host that comes up alone routes by what it knew, until it is told more. */
class AgentMemoryTest {
    private static final List<Advertisement> B_AND_C =
            Claims.of("b 172.16.165.244 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24");
    private static final String BOTH = """
            10.42.2.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink
            10.42.3.0/24 via 172.16.168.113 dev tunl0 proto onlink onlink
            """;

    private final FakeKernel kernel = new FakeKernel("172.16.165.33/24", false);

    private DrivenAgent started(String remembered) throws InterruptedException {
        DrivenAgent driven = new DrivenAgent(kernel, Claims.of(remembered));
        driven.step(0);
        return driven;
    }

    private DrivenAgent started() throws InterruptedException {
        DrivenAgent driven = new DrivenAgent(kernel, B_AND_C);
        driven.step(0);
        return driven;
    }

    private static Gossip incomplete(String alive) {
        return new Gossip(Claims.of(alive), Set.of(), List.of(), false);
    }

    @Test
    void theRoutesOfTheLastRunAreThereAtOnceAndSaidToBeUnconfirmed() throws InterruptedException {
        DrivenAgent driven = started();
        assertThat(kernel.toString()).isEqualTo(BOTH);
        assertThat(driven.status().ready()).isFalse();
        assertThat(driven.status().remembered()).isEqualTo(2);
        assertThat(driven.status().text())
                .contains("view    waiting for a seed\nmemory  the routes of 2 peers are those of the last run;");
    }

    @Test
    void aPassThatTheKernelEndsForgetsNobody() throws InterruptedException {
        DrivenAgent driven = started();
        kernel.breakDumps(1);
        driven.step(30);
        assertThat(driven.status().trouble()).isEqualTo("the dump of routes was interrupted 5 times");
        assertThat(driven.status().remembered()).isEqualTo(2);
    }

    @Test
    void whoSpeaksForItselfIsBelievedRatherThanTheMemoryOfIt() throws InterruptedException {
        DrivenAgent driven = started();
        driven.mailbox.gossip(incomplete("b 172.16.165.244 10.42.2.0/24 10.42.22.0/24"));
        driven.step(1);
        assertThat(driven.status().remembered()).isOne();
        assertThat(kernel.toString())
                .isEqualTo(BOTH + "10.42.22.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink\n");
    }

    @Test
    void theFirstFullViewReplacesItAndWhoIsNotInItGoesWithTheSweep() throws InterruptedException {
        DrivenAgent driven = started();
        driven.mailbox.gossip(Claims.alive("b 172.16.165.244 10.42.2.0/24"));
        driven.step(1);
        assertThat(driven.status().remembered()).isZero();
        assertThat(driven.status().view().peers()).hasSize(1);
        assertThat(kernel.toString())
                .as("a seed that has just started shows a view that is whole and small")
                .isEqualTo(BOTH);
        driven.step(60);
        assertThat(kernel.toString()).isEqualTo("10.42.2.0/24 via 172.16.165.244 dev tunl0 proto onlink onlink\n");
    }

    @Test
    void whoHasMovedMeanwhileIsFollowed() throws InterruptedException {
        DrivenAgent driven = started();
        driven.mailbox.gossip(incomplete("b 172.16.165.7 10.42.2.0/24"));
        driven.step(1);
        driven.mailbox.gossip(Claims.alive("b 172.16.165.7 10.42.2.0/24\nc 172.16.168.113 10.42.3.0/24"));
        driven.step(1);
        assertThat(kernel.toString()).isEqualTo(BOTH.replace(".244", ".7"));
    }

    @Test
    void unconfirmedItEndsAfterItsTimeByTheUptimeOfTheAgent() throws InterruptedException {
        DrivenAgent driven = started();
        driven.step(24 * 3600 - 1);
        assertThat(kernel.toString()).isEqualTo(BOTH);
        assertThat(driven.idleSeconds()).isLessThanOrEqualTo(1.0);
        driven.step(1);
        assertThat(kernel.toString()).isEmpty();
        assertThat(driven.status().remembered()).isZero();
    }

    @Test
    void aRouteOfAFormerRunThatNobodyRemembersIsNoneOfItsBusiness() throws InterruptedException {
        kernel.routeByHand(Route.plain(Ipv4Prefix.parse("10.42.9.0/24"), Ipv4.parse("172.16.165.9")));
        DrivenAgent driven = started();
        driven.step(24 * 3600);
        assertThat(kernel.toString()).isEqualTo("10.42.9.0/24 via 172.16.165.9 dev tunl0 proto onlink onlink\n");
    }

    @Test
    void whatIsRememberedIsJudgedAsWhatIsHeard() throws InterruptedException {
        DrivenAgent driven = started("""
                a 172.16.165.9 10.42.9.0/24
                b 172.16.165.244 10.99.2.0/24
                c 172.16.165.33 10.42.3.0/24
                d 172.16.168.114 10.42.4.0/24
                """);
        assertThat(kernel.toString()).isEqualTo("10.42.4.0/24 via 172.16.168.114 dev tunl0 proto onlink onlink\n");
        assertThat(driven.status().text())
                .contains("refused b: 10.99.2.0/24 is not inside [10.42.0.0/16]")
                .doesNotContain("refused a", "refused c");
    }

    @Test
    void aWholeViewIsKeptForTheNextStartWhenItChangesAndAPartNever() throws InterruptedException {
        DrivenAgent driven = started();
        assertThat(driven.views).isEmpty();
        driven.mailbox.gossip(incomplete("c 172.16.168.113 10.42.3.0/24"));
        driven.step(1);
        assertThat(driven.views).isEmpty();
        driven.mailbox.gossip(Claims.alive("c 172.16.168.113 10.42.3.0/24\nb 172.16.165.244 10.42.2.0/24"));
        driven.step(1);
        driven.step(30);
        driven.step(30);
        assertThat(driven.views).containsExactly(B_AND_C);
    }

    @Test
    void aMeshThatNobodyIsLeftOfIsNotKeptUnlessTheyTookTheirLeave() throws InterruptedException {
        DrivenAgent driven = started("");
        Advertisement b = B_AND_C.get(0);
        driven.mailbox.gossip(Claims.alive("b 172.16.165.244 10.42.2.0/24"));
        driven.step(1);
        driven.mailbox.gossip(Claims.alive(""));
        driven.step(1);
        driven.mailbox.answered(b.name(), b.boot(), Verdict.SILENT);
        driven.step(1);
        assertThat(kernel.toString()).isEmpty();
        assertThat(driven.views).hasSize(1);
        driven.mailbox.gossip(Claims.alive("b 172.16.165.244 10.42.2.0/24"));
        driven.step(1);
        driven.mailbox.gossip(new Gossip(List.of(), Set.of(b.boot()), List.of(), true));
        driven.step(1);
        assertThat(driven.views).endsWith(List.of());
    }
}
