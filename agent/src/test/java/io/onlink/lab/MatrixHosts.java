package io.onlink.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Where the packet matrix is run: members a, b and c and the stranger x on one bridge, the workload w behind a's bridge
 * and p in a's private network. All forward and none filters by reverse path, which is the worst case. All listen.
 */
final class MatrixHosts {
    static final Map<String, String> OUTER =
            Map.of("a", "10.99.0.1", "b", "10.99.0.2", "c", "10.99.0.3", "x", "10.99.0.66");

    private static final List<String> ALL = List.of("a", "b", "c", "x", "w", "p");

    private final String prefix;
    private final Set<String> heard = new ConcurrentSkipListSet<>();

    MatrixHosts(String prefix) {
        this.prefix = prefix;
    }

    /** The namespace of a host. */
    String of(String host) {
        return prefix + host;
    }

    /** Runs a command on a host and returns what it prints. */
    String on(String host, String command) {
        return run(("ip netns exec " + of(host) + " " + command).split(" ", -1));
    }

    /** Starts a command on a host, which goes on by itself. */
    Process start(String host, String command) throws IOException {
        return new ProcessBuilder(("ip netns exec " + of(host) + " " + command).split(" ", -1))
                .redirectErrorStream(true)
                .start();
    }

    /** Runs a command to its end and returns what it prints; fails if it does. */
    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void make() throws Exception {
        run("ip", "netns", "add", of("u"));
        on("u", "ip link add br0 type bridge");
        on("u", "ip link set br0 up");
        for (String host : ALL) {
            run("ip", "netns", "add", of(host));
            on(host, "ip link set lo up");
            for (String which : List.of("all", "default")) {
                on(host, "sysctl -qw net.ipv4.conf." + which + ".rp_filter=0");
            }
            on(host, "sysctl -qw net.ipv4.ip_forward=1");
            if (OUTER.containsKey(host)) {
                on(host, "ip link add eth0 type veth peer name port-" + host + " netns " + of("u"));
                on("u", "ip link set port-" + host + " master br0 up");
                on(host, "ip addr add " + OUTER.get(host) + "/24 dev eth0");
                on(host, "ip link set eth0 up");
            }
        }
        on("a", "ip link add mybr0 type bridge");
        on("a", "ip addr add 10.42.1.1/24 dev mybr0");
        on("a", "ip link set mybr0 up");
        on("w", "ip link add eth0 type veth peer name port-w netns " + of("a"));
        on("a", "ip link set port-w master mybr0 up");
        on("a", "ip link add eth1 type veth peer name eth0 netns " + of("p"));
        on("a", "ip addr add 192.168.50.1/24 dev eth1");
        on("a", "ip link set eth1 up");
        address("w", "10.42.1.2/24", "10.42.1.1");
        address("p", "192.168.50.2/24", "192.168.50.1");
        on("b", "ip addr add 10.42.2.1/32 dev lo");
        on("c", "ip addr add 10.42.3.1/32 dev lo");
        for (String host : ALL) {
            Wire.in(of(host), () -> listen(new DatagramSocket(Packets.PORT)));
        }
    }

    private void address(String host, String address, String gateway) {
        on(host, "ip addr add " + address + " dev eth0");
        on(host, "ip link set eth0 up");
        on(host, "ip route add default via " + gateway);
    }

    /** Tunnel and routes of a member, as its agent would have them. */
    void tunnel(String host) {
        on(host, "ip link set tunl0 up");
        for (String other : List.of("a", "b", "c")) {
            if (!other.equals(host)) {
                String subnet = "10.42." + (other.charAt(0) - 'a' + 1) + ".0/24";
                on(host, "ip route replace " + subnet + " via " + OUTER.get(other) + " dev tunl0 onlink");
            }
        }
    }

    private Thread listen(DatagramSocket socket) {
        Thread ear = new Thread(() -> {
            byte[] octets = new byte[2048];
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(octets, octets.length);
                try {
                    socket.receive(packet);
                } catch (IOException e) {
                    socket.close();
                    throw new UncheckedIOException(e);
                }
                heard.add(new String(octets, 0, packet.getLength(), StandardCharsets.UTF_8));
            }
        });
        ear.setDaemon(true);
        ear.start();
        return ear;
    }

    /** What arrived anywhere since {@link #forget}. */
    Set<String> heard() {
        return Set.copyOf(heard);
    }

    /** As if these had arrived. */
    void heardAgain(Set<String> names) {
        heard.addAll(names);
    }

    void forget() {
        heard.clear();
    }

    /** Packets that came out of a host's tunnel. */
    long decapsulated(String host) {
        return Long.parseLong(
                on(host, "cat /sys/class/net/tunl0/statistics/rx_packets").strip());
    }
}
