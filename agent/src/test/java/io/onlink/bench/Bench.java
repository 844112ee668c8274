package io.onlink.bench;

import io.onlink.inet.Ipv4Prefix;
import io.onlink.netlink.LinuxKernel;
import io.onlink.peer.Advertisement;
import io.onlink.peer.PeerView;
import io.onlink.route.KernelException;
import io.onlink.route.Outcome;
import io.onlink.route.Reconciler;
import io.onlink.route.TunnelSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Measures one process: first its first pass ever, then warm ones. Prints lines of what, when (cold or warm) and a number,
 * times in milliseconds and memory in MiB.
 *
 * <p>Arguments: {@code commands TUNNEL} prints the same plain routes for {@code ip -batch}; {@code nexthops TUNNEL ROUNDS
 * FILE} and {@code plain TUNNEL ROUNDS FILE} measure, and at the end the commands of FILE add routes of somebody else.
 */
public final class Bench {
    /** As many as the agent takes. */
    static final int PEERS = PeerView.MAX_MEMBERS;

    private final Reconciler reconciler;
    private final int changes;
    private String when = "cold";

    private Bench(Reconciler reconciler, int changes) {
        this.reconciler = reconciler;
        this.changes = changes;
    }

    public static void main(String[] arguments) throws Exception {
        String mode = arguments[0];
        String tunnel = arguments[1];
        if (mode.equals("commands")) {
            System.out.println(String.join("\n", Mesh.commands(PEERS, tunnel)));
            return;
        }
        boolean nexthops = mode.equals("nexthops");
        long start = System.nanoTime();
        try (LinuxKernel kernel = LinuxKernel.open(tunnel)) {
            print("open", "cold", start);
            Ipv4Prefix subnet = Mesh.SELF.subnets().get(0);
            TunnelSettings settings = new TunnelSettings(tunnel, subnet, Mesh.SELF.nodeIp(), 0, "", false);
            Bench bench = new Bench(new Reconciler(kernel, settings, nexthops), nexthops ? 2 * PEERS : PEERS);
            bench.run(Integer.parseInt(arguments[2]), Path.of(arguments[3]));
        }
    }

    private void run(int rounds, Path foreign) throws KernelException, IOException, InterruptedException {
        List<Advertisement> claims = Mesh.advertisements(PEERS);
        List<Advertisement> movedClaims = Mesh.moved(claims);
        PeerView view = admit(claims);
        for (int round = 0; round <= rounds; round++) {
            pass("first", view, changes);
            pass("noop", view, 0);
            PeerView moved = admit(movedClaims);
            pass("move", moved, 1);
            pass("none", PeerView.EMPTY, changes);
            when = "warm";
            view = admit(claims);
        }
        pass("first", view, changes);
        print("memory", when, peakMemory());
        Process ip = new ProcessBuilder("ip", "-batch", foreign.toString())
                .inheritIO()
                .start();
        if (ip.waitFor() != 0) {
            throw new IllegalStateException("the routes of somebody else could not be added");
        }
        for (int round = 0; round < rounds; round++) {
            pass("foreign", view, 0);
        }
        print("memory-foreign", when, peakMemory());
    }

    private PeerView admit(List<Advertisement> claims) {
        long start = System.nanoTime();
        PeerView view = Mesh.admit(claims);
        print("admit", when, start);
        if (view.peers().size() != PEERS) {
            throw new IllegalStateException(view.peers().size() + " peers were admitted of " + claims.size());
        }
        return view;
    }

    private void pass(String what, PeerView view, int expected) throws KernelException {
        Predicate<Ipv4Prefix> any = dst -> true;
        long start = System.nanoTime();
        Outcome outcome = reconciler.reconcile(dump -> view, any);
        print(what, when, start);
        if (!outcome.settled() || outcome.applied().size() != expected) {
            throw new IllegalStateException(what + ": " + outcome.applied().size() + " changes instead of " + expected
                    + ", refused " + outcome.failures());
        }
    }

    private static void print(String what, String when, long startNanos) {
        print(what, when, (System.nanoTime() - startNanos) / 1e6);
    }

    private static void print(String what, String when, double number) {
        System.out.printf(Locale.ROOT, "%s %s %.2f%n", what, when, number);
    }

    /** The most memory of this process that was resident at once (proc(5), VmHWM), in MiB. */
    private static double peakMemory() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(text -> text.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    }
}
