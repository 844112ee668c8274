package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.seal.Keyring;
import io.onlink.swim.Bytes;
import io.onlink.swim.Contact;
import io.onlink.swim.Member;
import io.onlink.swim.Message;
import io.onlink.swim.State;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AtomixMembershipTest extends LoopbackMesh {
    @Test
    void threeMembersSeeEachOthersAdvertisements() throws MembershipException {
        long begun = System.nanoTime();
        threeNodes();
        measured("three members", begun);

        assertThat(nodes.get(0).sees()).containsExactly("n2 127.0.1.2 [10.42.2.0/24]", "n3 127.0.1.3 [10.42.3.0/24]");
        assertThat(nodes.get(0).gossip.alive()).containsExactly(nodes.get(1).self, nodes.get(2).self);
        within(5000).until(() -> nodes.stream().allMatch(node -> node.gossip.complete()));
        assertThat(nodes.get(0).threads).singleElement().asString().startsWith("onlink-gossip");
    }

    @Test
    void aLateJoinerIsSeenByAllWithinHalfASecond() throws MembershipException {
        threeNodes();
        long begun = System.nanoTime();
        Node late = start(4, Node.seed(1, port));

        within(1500)
                .until(() ->
                        nodes.stream().limit(3).allMatch(node -> node.names().contains("n4")));
        within(1500).untilAsserted(() -> assertThat(late.names()).containsExactly("n1", "n2", "n3"));
        measured("join seen by all", begun);
    }

    @Test
    void aSeedThatStartsLastGathersTheOthers() throws MembershipException {
        start(2, Node.seed(1, port));
        start(3, Node.seed(1, port));
        long begun = System.nanoTime();
        start(1, Node.seed(1, port));

        within(1500).until(() -> nodes.stream().allMatch(node -> node.names().size() == 2));
        within(1500).until(() -> nodes.stream().allMatch(node -> node.gossip.complete()));
        measured("seed started last", begun);
    }

    @Test
    void aLoneSeedIsCompleteAndOneThatWaitsForASeedIsNot() throws MembershipException {
        Node seed = start(1, Node.seed(1, port));
        Node waiting = start(2, Node.seed(9, port));

        within(2000).until(() -> seed.gossip.complete());
        assertThat(waiting.gossip.complete()).isFalse();
        assertThat(seed.gossip.alive()).isEmpty();
    }

    @Test
    void aChangedAdvertisementReplacesTheOldOneEverywhere() throws MembershipException {
        threeNodes();
        Advertisement old = nodes.get(1).self;
        Advertisement moved = new Advertisement(
                old.name(),
                old.boot(),
                2,
                Ipv4.parse("127.0.1.99"),
                port,
                List.of(Ipv4Prefix.parse("10.42.2.0/25"), Ipv4Prefix.parse("10.43.0.0/16")),
                old.seniority(),
                "0.1.1");
        long begun = System.nanoTime();
        nodes.get(1).membership.advertise(moved);

        within(1500)
                .until(() -> List.of(nodes.get(0), nodes.get(2)).stream()
                        .allMatch(node -> node.gossip.alive().contains(moved)));
        measured("change seen by all", begun);
        assertThat(nodes.get(0).sees())
                .containsExactly("n2 127.0.1.99 [10.42.2.0/25, 10.43.0.0/16]", "n3 127.0.1.3 [10.42.3.0/24]");
    }

    @Test
    void anAnnouncedLeaveIsSeenAtOnce() throws MembershipException {
        threeNodes();
        long begun = System.nanoTime();
        nodes.get(2).membership.leave();

        within(500)
                .until(() -> nodes.stream()
                        .limit(2)
                        .allMatch(node -> node.gossip.left().contains(3L)));
        measured("leave seen by all", begun);
        nodes.get(2).close();
        assertThat(nodes.get(0).names()).containsExactly("n2");
        assertThat(nodes.get(1).names()).containsExactly("n1");
    }

    @Test
    void aMemberThatFallsSilentIsRemoved() throws MembershipException {
        threeNodes();
        long begun = System.nanoTime();
        nodes.get(2).close();

        within(8000)
                .until(() ->
                        nodes.stream().limit(2).allMatch(node -> !node.names().contains("n3")));
        measured("silent member removed", begun);
        assertThat(nodes.get(0).gossip.left()).isEmpty();
    }

    @Test
    void aRestartUnderTheSameNameSupersedesTheFormerRunWhichIsThenFoundDead() throws MembershipException {
        threeNodes();
        nodes.get(2).close();
        long begun = System.nanoTime();
        Node again = start(Node.claim(3, 33, 2, port), Node.seed(1, port));

        within(1500).until(() -> nodes.get(0).gossip.alive().contains(again.self));
        within(1500).until(() -> nodes.get(1).gossip.alive().contains(again.self));
        measured("restart seen by all", begun);
        // It hears of its former self, whose probes it does not answer.
        within(8000).untilAsserted(() -> assertThat(again.names()).containsExactly("n1", "n2"));
        within(8000).untilAsserted(() -> assertThat(nodes.get(0).names()).containsExactly("n2", "n3"));
    }

    @Test
    void anotherNodeOfTheSameNameIsHeardOf() throws MembershipException {
        Node one = start(1, Node.seed(1, port));
        Advertisement twin = Node.claim(2, 7, 1, port);
        twin = new Advertisement(
                one.self.name(), 7, 1, twin.nodeIp(), port, twin.subnets(), twin.seniority(), twin.version());
        start(twin, Node.seed(1, port));

        within(3000).untilAsserted(() -> assertThat(one.sees()).containsExactly("n1 127.0.1.2 [10.42.2.0/24]"));
    }

    @Test
    void aStalledMemberIsRemovedAndIsBackAtOnceWhenItGoesOn() throws Exception {
        threeNodes();
        CountDownLatch stalled = new CountDownLatch(1);
        try {
            nodes.get(2).membership.transport.loop().execute(() -> awaitQuietly(stalled));
            long begun = System.nanoTime();
            within(8000)
                    .until(() -> nodes.stream()
                            .limit(2)
                            .noneMatch(node -> node.names().contains("n3")));
            measured("stalled member removed", begun);
        } finally {
            stalled.countDown();
        }
        long begun = System.nanoTime();
        within(3000).until(() -> nodes.stream().allMatch(node -> node.names().size() == 2));
        measured("stalled member back", begun);
        assertThat(nodes.get(0).gossip.left()).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nodes whose numbers are both odd or both even hear one another; the others' packets they cannot open. */
    private void cut() {
        Keyring even = Node.newKeyring();
        Keyring odd = Node.newKeyring();
        for (Node node : nodes) {
            node.membership.keyring(node.self.nodeIp().bits() % 2 == 0 ? even : odd);
        }
    }

    @Test
    void halvesThatWerePartedFindOneAnotherWithoutACommonSeed() throws MembershipException {
        for (int n = 1; n <= 6; n++) {
            start(n, Node.seed(1, port));
        }
        within(5000).until(() -> nodes.stream().allMatch(node -> node.names().size() == 5));
        Node seed = nodes.get(0);
        cut();
        within(15_000).until(() -> nodes.stream().allMatch(node -> node.names().size() == 2));
        seed.close();
        nodes.remove(0);
        within(15_000).until(() -> nodes.stream().noneMatch(node -> node.names().contains("n1")));
        long begun = System.nanoTime();
        nodes.forEach(node -> node.membership.keyring(Node.KEYRING));
        within(5000).until(() -> nodes.stream().allMatch(node -> node.names().size() == 4));
        measured("healed without a common seed", begun);
    }

    @Test
    void anotherMembersLeaveCannotBeForged() throws MembershipException {
        threeNodes();
        Contact victim = new Endpoint(nodes.get(2).self.nodeIp(), port, 3).contact();
        Bytes guess = Bytes.of(new byte[Bytes.TOKEN_LENGTH]);
        Member forged = new Member(victim, 0, State.LEFT, Bytes.EMPTY, guess, List.of());
        Frame frame = Frame.oneWay(Subject.MEMBERSHIP, GossipCodec.encode(new Message.News(List.of(forged))));
        Node forger = nodes.get(1);
        forger.membership.transport.send(new Endpoint(nodes.get(0).self.nodeIp(), port, 1), frame, lost -> {});
        // What it says next is heard after that.
        Advertisement self = forger.self;
        Advertisement moved = new Advertisement(
                self.name(), self.boot(), 2, self.nodeIp(), port, self.subnets(), self.seniority(), "0.1.1");
        forger.membership.advertise(moved);
        within(1500).until(() -> nodes.get(0).gossip.alive().contains(moved));
        assertThat(nodes.get(0).names()).containsExactly("n2", "n3");
        assertThat(nodes.get(0).gossip.left()).isEmpty();
    }

    @Test
    void aChangeOfWhichEveryRumourIsLostStillArrives() throws MembershipException {
        threeNodes();
        Node changed = nodes.get(1);
        Advertisement old = changed.self;
        Advertisement moved = new Advertisement(
                old.name(), old.boot(), 2, old.nodeIp(), port, old.subnets(), old.seniority(), "0.1.1");
        // Nobody can open what it says, for a moment in which nobody misses it.
        changed.membership.keyring(Node.newKeyring());
        changed.membership.advertise(moved);
        CountDownLatch said = new CountDownLatch(1);
        changed.membership.transport.loop().execute(said::countDown);
        awaitQuietly(said);
        long begun = System.nanoTime();
        changed.membership.keyring(Node.KEYRING);
        within(5000)
                .until(() -> List.of(nodes.get(0), nodes.get(2)).stream()
                        .allMatch(node -> node.gossip.alive().contains(moved)));
        measured("change after lost rumours", begun);
    }

    @Test
    void aHostAnswersForAnOpenAndForAClosedPort() throws MembershipException {
        threeNodes();
        Node asking = nodes.get(0);
        asking.membership.probe(nodes.get(1).self);
        within(3000).untilAsserted(() -> assertThat(asking.probes).containsExactly("n2 2 answered"));

        asking.membership.probe(Node.claim(9, 9, 1, port));
        within(3000).untilAsserted(() -> assertThat(asking.probes).containsExactly("n2 2 answered", "n9 9 answered"));
    }

    @Test
    void aSeedGivenByNameIsKnownByItsAddressWhenThatIsResolved() throws MembershipException {
        Node node = start(2, "localhost:" + (port + 1), Node.seed(1, port));
        within(3000)
                .untilAsserted(() -> assertThat(node.membership.seeds())
                        .containsExactlyInAnyOrder(Ipv4.parse("127.0.0.1"), Ipv4.parse("127.0.1.1")));
    }

    @Test
    void twentyMembersConverge() throws MembershipException {
        int threads = Thread.activeCount();
        long begun = System.nanoTime();
        for (int n = 1; n <= 20; n++) {
            start(n, Node.seed(1, port), Node.seed(2, port));
        }
        within(15_000).until(() -> nodes.stream().allMatch(node -> node.names().size() == 19));
        measured("20 members", begun);
        within(5000).until(() -> nodes.stream().allMatch(node -> node.gossip.complete()));
        assertThat((Thread.activeCount() - threads) / 20).isLessThanOrEqualTo(5);
        System.out.println("measured threads per member: " + (Thread.activeCount() - threads) / 20.0);
    }

    private static void measured(String what, long begun) {
        System.out.printf("measured %s: %d ms%n", what, (System.nanoTime() - begun) / 1_000_000);
    }
}
