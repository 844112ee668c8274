package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.inet.Ipv4;
import io.onlink.peer.Advertisement;
import io.onlink.seal.Key;
import io.onlink.seal.Keyring;
import io.onlink.seal.PacketRefusal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What strangers, members with rubbish, and changes of keys do to members. */
class HostileMembershipTest extends LoopbackMesh {
    @Test
    void garbageChangesNothingAndIsCounted() throws Exception {
        threeNodes();
        Node target = nodes.get(0);
        long before = target.membership.counters().rejected();
        Random random = new Random(42);
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 200; i++) {
                byte[] junk = junk(random, i);
                socket.send(new DatagramPacket(junk, junk.length, Endpoint.socket(target.self.nodeIp(), port)));
            }
        }
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket("127.0.1.1", port);
                    OutputStream out = socket.getOutputStream()) {
                out.write(junk(random, i));
            } catch (IOException closedAtTheFirstWrongByte) {
                assertThat(closedAtTheFirstWrongByte).isNotNull();
            }
        }
        within(3000).until(() -> target.membership.counters().rejected() >= before + 150);
        assertThat(target.names()).containsExactly("n2", "n3");
        Node late = start(4, Node.seed(1, port));
        within(1500).untilAsserted(() -> assertThat(late.names()).containsExactly("n1", "n2", "n3"));
    }

    /** Random bytes; every other time they begin as a packet of our key does. */
    private static byte[] junk(Random random, int i) {
        byte[] junk = new byte[50 + random.nextInt(300)];
        random.nextBytes(junk);
        if (i % 2 == 1) {
            ByteBuffer.wrap(junk)
                    .put((byte) (0x10 + i / 2 % 4))
                    .putInt(Node.KEYRING.keys().get(0).id());
        }
        return junk;
    }

    @Test
    void garbageInsideTheSealOfAMemberChangesNothingAndIsCounted() throws MembershipException {
        threeNodes();
        Node target = nodes.get(0);
        Transport member = new Transport(Node.settings(Node.claim(8, 88, 1, port)), new Traffic(), frame -> {});
        member.open();
        Endpoint there = new Endpoint(target.self.nodeIp(), port, target.self.boot());
        member.send(there, Frame.oneWay(Subject.MEMBERSHIP, new byte[1]), lost -> {});
        within(2000).until(() -> member.traffic.sessions.sum() == 1);
        try {
            Random random = new Random(42);
            for (int i = 0; i < 400; i++) {
                byte[] junk = new byte[random.nextInt(300)];
                random.nextBytes(junk);
                member.send(there, Frame.oneWay(Subject.MEMBERSHIP, junk), lost -> {});
            }
            within(5000).until(() -> target.membership.counters().refused().get(PacketRefusal.CONTENT) > 20);
            assertThat(target.names()).containsExactly("n2", "n3");
        } finally {
            member.close();
        }
        Node late = start(4, Node.seed(1, port));
        within(1500).untilAsserted(() -> assertThat(late.names()).containsExactly("n1", "n2", "n3"));
    }

    @Test
    void keysAreChangedInThreeStepsWithoutAnyMemberNoticing() throws MembershipException {
        threeNodes();
        within(5000).until(() -> nodes.stream().allMatch(node -> node.gossip.complete()));
        Key old = Node.KEYRING.keys().get(0);
        Key fresh = Node.newKeyring().keys().get(0);
        nodes.forEach(node -> node.reports.clear());
        for (List<Key> step : List.of(List.of(old, fresh), List.of(fresh, old), List.of(fresh))) {
            for (Node node : nodes) {
                long before = node.membership.counters().datagramsReceived();
                node.membership.keyring(Keyring.of(step));
                within(5000).until(() -> node.membership.counters().datagramsReceived() > before + 5);
            }
        }
        for (Node node : nodes) {
            assertThat(node.reports).isEmpty();
            assertThat(node.membership.counters().refused()).containsEntry(PacketRefusal.UNKNOWN_KEY, 0L);
        }
    }

    @Test
    void aNodeThatIsLeftBehindIsNamedByItsAddress() throws MembershipException {
        threeNodes();
        Keyring fresh = Node.newKeyring();
        nodes.get(0).membership.keyring(fresh);
        nodes.get(1).membership.keyring(fresh);
        within(5000)
                .untilAsserted(
                        () -> assertThat(nodes.get(0).membership.counters().unknownKeys())
                                .containsKey("127.0.1.3"));
    }

    /** Keys are changed by a restart under systemd: the new run has never spoken with those who are left behind. */
    @Test
    void aSeedLeftBehindIsNamedByARunThatHasNeverSpokenWithIt() throws MembershipException {
        start(1, Node.seed(2, port));
        Node restarted = start(Node.newKeyring(), 2, Node.seed(1, port));
        within(5000)
                .untilAsserted(() -> assertThat(restarted.membership.counters().unknownKeys())
                        .containsOnlyKeys("127.0.1.1"));
    }

    @Test
    void aMemberLeftBehindIsNamedByARunThatKnowsItByHearsayOnly() throws MembershipException {
        Key old = Node.KEYRING.keys().get(0);
        Key fresh = Node.newKeyring().keys().get(0);
        start(Keyring.of(List.of(old, fresh)), 1);
        start(Keyring.of(List.of(fresh, old)), 3, Node.seed(1, port));
        Node restarted = start(Keyring.of(List.of(fresh)), 2, Node.seed(3, port));
        within(5000)
                .untilAsserted(() -> assertThat(restarted.membership.counters().unknownKeys())
                        .containsOnlyKeys("127.0.1.1"));
    }

    @Test
    void aTakenPortIsNamedWithWhatToDo() throws MembershipException {
        start(1);
        assertThatThrownBy(() -> Node.started(Node.claim(1, 5, 1, port)))
                .isInstanceOf(MembershipException.class)
                .hasMessageContaining("TCP port " + port + " of 127.0.1.1 is taken")
                .hasMessageContaining("choose another gossip port");
    }

    @Test
    void anAddressOfAnotherHostIsNamedWithWhatToDo() {
        Advertisement self = Node.claim(1, 5, 1, port);
        GossipSettings settings = new GossipSettings(Ipv4.parse("192.0.2.1"), port, List.of(), self, Node.KEYRING);
        AtomixMembership elsewhere = new AtomixMembership(settings, new Node(self));
        assertThatThrownBy(elsewhere::start)
                .isInstanceOf(MembershipException.class)
                .hasMessageContaining("192.0.2.1: no such address on this host");
    }
}
