package io.onlink.membership;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.peer.Advertisement;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import io.onlink.seal.BadKeyFile;
import io.onlink.seal.Key;
import io.onlink.seal.KeyFile;
import io.onlink.seal.Keyring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** One member under test, with what its listener has heard. */
final class Node implements AutoCloseable, Membership.Listener {
    static final Keyring KEYRING = newKeyring();

    final Advertisement self;
    final AtomixMembership membership;
    final List<String> probes = new CopyOnWriteArrayList<>();
    final List<Long> heardBy = new CopyOnWriteArrayList<>();
    final List<Gossip> reports = new CopyOnWriteArrayList<>();
    final Set<String> threads = ConcurrentHashMap.newKeySet();
    volatile Gossip gossip = Gossip.NONE;

    Node(Advertisement self, String... seeds) {
        this.self = self;
        this.membership = new AtomixMembership(settings(self, seeds), this);
    }

    /** The settings of a member that has the mesh's key. */
    static GossipSettings settings(Advertisement self, String... seeds) {
        return new GossipSettings(self.nodeIp(), self.gossipPort(), List.of(seeds), self, KEYRING);
    }

    /** A keyring of one new key, by way of a file as people make it. */
    static Keyring newKeyring() {
        try {
            Path file = Files.createTempFile("onlink", ".key");
            Files.writeString(file, Key.newText(new SecureRandom()) + "\n");
            Keyring keyring = new KeyFile(file, null).read();
            Files.delete(file);
            return keyring;
        } catch (IOException | BadKeyFile e) {
            throw new IllegalStateException(e);
        }
    }

    /** A member with a subnet, started. */
    static Node started(Advertisement self, String... seeds) throws MembershipException {
        Node node = new Node(self, seeds);
        node.membership.start();
        return node;
    }

    /** Advertisement number n: name n1, address 127.0.1.1, subnet 10.42.1.0/24 and so on. */
    static Advertisement claim(int n, long boot, long generation, int port) {
        return new Advertisement(
                new NodeName("n" + n),
                boot,
                generation,
                Ipv4.parse("127.0.1." + n),
                port,
                List.of(Ipv4Prefix.parse("10.42." + n + ".0/24")),
                n,
                "0.1.0");
    }

    static String seed(int n, int port) {
        return "127.0.1." + n + ":" + port;
    }

    /** A port nothing listens on at the address of node 1. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The members alive as {@code name subnets}. */
    List<String> sees() {
        return gossip.alive().stream()
                .map(peer -> peer.name() + " " + peer.nodeIp() + " " + peer.subnets())
                .toList();
    }

    List<String> names() {
        return gossip.alive().stream().map(peer -> peer.name().text()).toList();
    }

    @Override
    public void gossip(Gossip snapshot) {
        threads.add(Thread.currentThread().getName());
        gossip = snapshot;
        reports.add(snapshot);
    }

    @Override
    public void heardThere(long boot) {
        threads.add(Thread.currentThread().getName());
        heardBy.add(boot);
    }

    @Override
    public void probed(NodeName name, long boot, Verdict verdict) {
        threads.add(Thread.currentThread().getName());
        probes.add(name + " " + boot + " " + verdict.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() {
        membership.close();
    }
}
