package io.onlink.probe;

import io.onlink.inet.Ipv4;
import io.onlink.peer.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** Nodes h1, h2 ... with the tunnel addresses 10.42.N.0 and a network between them in virtual time. */
final class Wire {
    static final Duration QUIET = Duration.ofMinutes(2);

    static final int MTU = 1480;

    private record Arrival(long at, long order, int to, Runnable event) {}

    private record Way(int from, int to) {}

    private final Random random;
    private final Prober[] probers;
    private final List<List<String>> news = new ArrayList<>();
    private final PriorityQueue<Arrival> queue =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::at).thenComparingLong(Arrival::order));
    private final Map<Way, Integer> mtus = new HashMap<>();
    private final Set<Way> cut = new HashSet<>();
    private final Set<Way> talks = new HashSet<>();
    private final Set<Integer> absent = new HashSet<>();
    private final Set<Integer> still = new HashSet<>();
    private final Map<Integer, List<Dropped>> dropped = new HashMap<>();
    private boolean mute;
    private double loss;
    private Duration delay = Duration.ofMillis(1);
    long now = -5_000_000_000L;
    private long order;
    long sent;
    long notes;
    long bytes;

    /** One on which all has been well for so long that every path is known. */
    static Wire quiet(int nodes, long seed) {
        Wire wire = new Wire(nodes, seed);
        wire.run(QUIET);
        return wire;
    }

    Wire(int nodes, long seed) {
        random = new Random(seed);
        probers = new Prober[nodes + 1];
        for (int i = 1; i <= nodes; i++) {
            probers[i] = new Prober(new Random(seed * 1000 + i), now);
            news.add(new ArrayList<>());
            peers(i, target -> target);
        }
        news.add(new ArrayList<>());
    }

    interface Edit {
        Target of(Target target);
    }

    static Ipv4 address(int node) {
        return Ipv4.parse("10.42." + node + ".0");
    }

    static Target target(int node) {
        return new Target(new NodeName("h" + node), List.of(address(node)), true, true, nodeIp(node), 0);
    }

    static Ipv4 nodeIp(int node) {
        return Ipv4.parse("172.31.7." + node);
    }

    /** Tells a node of all others, each as the edit says. */
    void peers(int node, Edit edit) {
        List<Target> targets = new ArrayList<>();
        for (int other = 1; other < probers.length; other++) {
            if (other != node) {
                targets.add(edit.of(target(other)));
            }
        }
        probers[node].peers(targets, MTU, now);
    }

    Prober prober(int node) {
        return probers[node];
    }

    /** Packets from one node to another are lost. */
    void cut(int from, int to) {
        cut.add(new Way(from, to));
    }

    /** Packets from one node come to another with that outer source, so that its guard drops them. */
    void masquerade(int from, int to, String outer) {
        cut(from, to);
        dropped.computeIfAbsent(to, t -> new ArrayList<>()).add(new Dropped(Ipv4.parse(outer), address(from)));
    }

    /** Nothing is said beside the tunnel any more. */
    void muteNotes() {
        mute = true;
    }

    void mend() {
        cut.clear();
        dropped.clear();
        mtus.clear();
    }

    /** Larger packets from one node to another are lost without a word. */
    void hole(int from, int to, int above) {
        mtus.put(new Way(from, to), above);
        talks.remove(new Way(from, to));
    }

    /** Larger packets from one node to another are lost and the sender is told. */
    void narrow(int from, int to, int above) {
        mtus.put(new Way(from, to), above);
        talks.add(new Way(from, to));
    }

    /** Each packet is lost with this chance. */
    void loss(double share) {
        loss = share;
    }

    void delay(Duration oneWay) {
        delay = oneWay;
    }

    /** The node's host refuses the port. */
    void absent(int node) {
        absent.add(node);
    }

    /** The node neither sends nor looks, and what arrives waits. */
    void still(int node, boolean stands) {
        if (stands) {
            still.add(node);
        } else {
            still.remove(node);
        }
    }

    /** Lets time pass. */
    void run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            long next = end;
            int who = 0;
            for (int i = 1; i < probers.length; i++) {
                if (!still.contains(i) && !absent.contains(i) && probers[i].next() - next < 0) {
                    next = probers[i].next();
                    who = i;
                }
            }
            Arrival first = queue.stream()
                    .filter(a -> !still.contains(a.to()))
                    .min(Comparator.comparingLong(Arrival::at).thenComparingLong(Arrival::order))
                    .orElse(null);
            if (first != null && first.at() - next <= 0) {
                queue.remove(first);
                now = Math.max(now, first.at());
                first.event().run();
            } else if (who == 0) {
                now = end;
                return;
            } else {
                now = Math.max(now, next);
                tick(who);
            }
        }
    }

    private void tick(int node) {
        if (probers[node].doubts()) {
            probers[node].dropped(dropped.getOrDefault(node, List.of()), now);
        }
        for (Ask ask : probers[node].tick(now)) {
            sent++;
            bytes += ask.size();
            send(node, ask.to().bits() >>> 8 & 255, probers[node].packet(ask), ask.size());
        }
        told(node);
    }

    private void send(int from, int to, Packet packet, int size) {
        Way way = new Way(from, to);
        int most = mtus.getOrDefault(way, MTU);
        if (size > most && talks.contains(way)) {
            later(from, () -> probers[from].tooBig(address(to), most, now));
        } else if (to < probers.length && size <= most && !cut.contains(way) && random.nextDouble() >= loss) {
            later(to, () -> arrive(from, to, packet));
        }
    }

    private void arrive(int from, int to, Packet packet) {
        if (absent.contains(to)) {
            later(from, () -> probers[from].refused(address(to), now));
            return;
        }
        Optional<Packet> answer = probers[to].received(address(from), packet, now);
        answer.ifPresent(a -> send(to, from, a, Packet.SMALL));
        for (NodeName peer : probers[to].unheard()) {
            notes++;
            int there = Integer.parseInt(peer.text().substring(1));
            if (!mute) {
                later(there, () -> probers[there].heardThere(new NodeName("h" + to), now));
            }
        }
        told(to);
    }

    private void later(int to, Runnable event) {
        queue.add(new Arrival(now + delay.toNanos(), order++, to, event));
    }

    private void told(int node) {
        probers[node].news().forEach(path -> news.get(node).add(path.peer() + ": " + path.text()));
    }

    /** What a node has told of its paths, in order. */
    List<String> news(int node) {
        return news.get(node);
    }

    /** The verdict of a node on another, in words. */
    String verdict(int node, int on) {
        return path(node, on).text();
    }

    Path path(int node, int on) {
        return probers[node].paths(now).stream()
                .filter(p -> p.peer().text().equals("h" + on))
                .findFirst()
                .orElseThrow();
    }
}
