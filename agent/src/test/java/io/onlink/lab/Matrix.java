package io.onlink.lab;

import static io.onlink.lab.Packets.in;
import static io.onlink.lab.Packets.inFragments;
import static io.onlink.lab.Packets.inWithOptions;
import static io.onlink.lab.Packets.udp;

import io.onlink.guard.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The twenty packets of the matrix: four that a member's workloads send, and sixteen that nobody should. */
final class Matrix {
    private static final String A = "10.99.0.1";
    private static final String B = "10.99.0.2";
    private static final String C = "10.99.0.3";
    private static final String X = "10.99.0.66";
    private static final String W = "10.42.1.2";
    private static final String P = "192.168.50.2";

    private Matrix() {}

    /**
     * One of them.
     *
     * @param name what it says on arrival, such as {@code h03 a stranger with a member's inner source}
     * @param from the host that sends it
     * @param packets one, or its fragments
     * @param reason for its drop, null if it is let in
     * @param unguarded whether it arrives where there is no guard
     */
    record Case(
            String name,
            String from,
            List<byte[]> packets,
            @Nullable DropReason reason,
            boolean unguarded) {
        boolean legitimate() {
            return name.startsWith("l");
        }
    }

    static List<Case> cases() {
        List<Case> all = new ArrayList<>(legitimate());
        all.addAll(ofStrangers());
        all.addAll(ofMembers());
        return all;
    }

    private static List<Case> legitimate() {
        return List.of(
                let("l1 member b to this host", "b", name -> List.of(in(B, A, udp("10.42.2.1", "10.42.1.1", name)))),
                let("l2 member b's workload to ours", "b", name -> List.of(in(B, A, udp("10.42.2.9", W, name)))),
                let("l3 member c's workload to ours", "c", name -> List.of(in(C, A, udp("10.42.3.9", W, name)))),
                let("l4 the same in two fragments", "b", name -> inFragments(B, A, 32, udp("10.42.2.9", W, name))));
    }

    private static List<Case> ofStrangers() {
        return List.of(
                stranger("h01 own inner source to this host", name -> udp(X, "10.42.1.1", name)),
                stranger("h02 own inner source to a workload", name -> udp(X, W, name)),
                stranger("h03 a member's inner source to a workload", name -> udp("10.42.2.9", W, name)),
                stranger("h04 through this host to its private network", name -> udp("10.42.2.9", P, name)),
                stranger("h05 through this host to another member", name -> udp("10.42.2.9", "10.42.3.1", name)),
                stranger("h06 an inner source from nowhere", name -> udp("192.0.2.1", W, name)),
                unharmful("h07 this host's own inner source", name -> udp("10.42.1.1", W, name)),
                unharmful("h08 to loopback", name -> udp("10.42.2.9", "127.0.0.1", name)),
                stranger("h09 one tunnel in another", name -> in("10.42.2.9", A, udp("10.42.2.9", W, name))),
                drop(
                        "h10 with IP options",
                        "x",
                        DropReason.MALFORMED,
                        name -> List.of(inWithOptions(X, A, udp("10.42.2.9", W, name)))));
    }

    private static List<Case> ofMembers() {
        return List.of(
                member("h11 another member's inner source", DropReason.SPOOFED, name -> udp("10.42.2.9", W, name)),
                member(
                        "h12 through this host to its private network",
                        DropReason.NOT_OURS,
                        name -> udp("10.42.3.9", P, name)),
                member(
                        "h13 through this host to another member",
                        DropReason.NOT_OURS,
                        name -> udp("10.42.3.9", "10.42.2.1", name)),
                member("h14 to this host's node IP", DropReason.NOT_OURS, name -> udp("10.42.3.9", A, name)),
                member(
                        "h15 one tunnel in another",
                        DropReason.NESTED,
                        name -> in("10.42.3.9", "10.42.1.1", udp("10.42.3.9", W, name))),
                new Case(
                        "h16 a stranger with a member's outer source",
                        "x",
                        List.of(in(B, A, udp("10.42.2.9", W, "h16 a stranger with a member's outer source"))),
                        null,
                        true));
    }

    private interface Inner<T> {
        T of(String name);
    }

    private static Case let(String name, String from, Inner<List<byte[]>> packets) {
        return new Case(name, from, packets.of(name), null, true);
    }

    private static Case drop(String name, String from, DropReason reason, Inner<List<byte[]>> packets) {
        return new Case(name, from, packets.of(name), reason, true);
    }

    private static Case stranger(String name, Inner<byte[]> inner) {
        return drop(name, "x", DropReason.STRANGER, says -> List.of(in(X, A, inner.of(says))));
    }

    /** The kernel itself refuses it once it is out of the tunnel. */
    private static Case unharmful(String name, Inner<byte[]> inner) {
        return new Case(name, "x", List.of(in(X, A, inner.of(name))), DropReason.STRANGER, false);
    }

    private static Case member(String name, DropReason reason, Inner<byte[]> inner) {
        return drop(name, "c", reason, says -> List.of(in(C, A, inner.of(says))));
    }

    /** Names of those that a guarded, or an unguarded, host lets in. */
    static Set<String> letIn(boolean guarded) {
        Set<String> names = new TreeSet<>();
        for (Case one : cases()) {
            if (guarded ? one.reason() == null : one.unguarded()) {
                names.add(one.name());
            }
        }
        return names;
    }

    /** How many of them a guarded host drops for that reason. */
    static long dropped(DropReason reason) {
        return cases().stream().filter(one -> one.reason() == reason).count();
    }

    static void send(MatrixHosts hosts, List<Case> cases) throws Exception {
        for (Case one : cases) {
            Wire.send(hosts.of(one.from()), A, one.packets());
        }
    }
}
