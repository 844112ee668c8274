package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The key of ten running agents is changed in three steps, node after node in any order, and nobody notices. */
@Timeout(300)
class RotationIT extends OnHosts {
    private static final int HOSTS = 10;
    private static final int[] ALL = IntStream.rangeClosed(1, HOSTS).toArray();

    RotationIT() {
        super(HOSTS);
    }

    private Path key(int host) {
        return net.dir(host).resolve("key");
    }

    private void give(int host, String keys) throws IOException {
        Netns.replaceKeys(key(host), keys, "rw-------");
    }

    private List<Process> startAll() throws IOException {
        String key = Files.readString(net.key());
        List<Process> agents = new ArrayList<>();
        for (int host = 1; host <= HOSTS; host++) {
            give(host, key);
            agents.add(net.agent(host, "--key-file", key(host).toString()));
        }
        net.awaitMesh(ALL);
        return agents;
    }

    /** Every other node is told by SIGHUP, the rest find the change of the file themselves. */
    private void rotate(List<Process> agents, List<Integer> order, String keys, String prints) throws IOException {
        for (int at = 0; at < order.size(); at++) {
            int host = order.get(at);
            give(host, keys);
            if (at % 2 == 0) {
                Netns.run("kill", "-HUP", Long.toString(agents.get(host - 1).pid()));
            }
            await().atMost(Netns.SOON)
                    .untilAsserted(() -> assertThat(fingerprints(host)).isEqualTo(prints));
        }
    }

    /** The fingerprints of a host's keys, the sealing one first. */
    private String fingerprints(int host) {
        List<String> keys = net.metrics(host)
                .lines()
                .filter(line -> line.startsWith("onlink_gossip_key_info{"))
                .map(line -> line.replaceAll(".*fingerprint=\"([0-9a-f]+)\",index=\"([0-9]+)\".*", "$2 $1"))
                .sorted()
                .map(line -> line.substring(2))
                .toList();
        return String.join(" ", keys);
    }

    private static String fingerprint(String key) throws NoSuchAlgorithmException {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(key.strip()));
        return HexFormat.of().formatHex(hash, 0, 4);
    }

    /** The series of a host whose rise would be a node that was noticed. */
    private String held(int host) {
        return net.metrics(host)
                .lines()
                .filter(line -> line.matches("onlink_gossip_(suspicions|lost|unknown_key)_total.*"
                        + "|onlink_gossip_rejected_total\\{reason=\"unknown_key\"\\}.*"
                        + "|onlink_route_operations_total.*|onlink_members\\{.*"))
                .collect(Collectors.joining("\n"));
    }

    private List<String> held() {
        return IntStream.rangeClosed(1, HOSTS)
                .mapToObj(host -> "h" + host + "\n" + held(host))
                .toList();
    }

    private double received(int host) {
        return net.metrics(host)
                .lines()
                .filter(line -> line.startsWith("onlink_gossip_datagrams_total{direction=\"receive\"} "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf("} ") + 2)))
                .sum();
    }

    /** Waits until every node has been probed, and has probed, some ten times more. */
    private void awaitProbes() {
        double[] before =
                IntStream.rangeClosed(1, HOSTS).mapToDouble(this::received).toArray();
        for (int host = 1; host <= HOSTS; host++) {
            int each = host;
            await().atMost(Netns.SOON)
                    .untilAsserted(() -> assertThat(received(each)).isGreaterThan(before[each - 1] + 20));
        }
    }

    private static List<Integer> shuffled(Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.rangeClosed(1, HOSTS).boxed().toList());
        Collections.shuffle(order, random);
        System.out.println("RotationIT: order " + order);
        return order;
    }

    @Test
    void threeStepsInAnyOrderOfNodesCauseNoSuspicionAndNoRouteChange() throws Exception {
        long seed = new SplittableRandom().nextLong();
        System.out.println("RotationIT: seed " + seed);
        Random random = new Random(seed);
        List<Process> agents = startAll();
        String old = Files.readString(net.key());
        String fresh = Netns.run(Netns.LAUNCHER, "keygen");
        String oldPrint = fingerprint(old);
        String freshPrint = fingerprint(fresh);
        awaitProbes();
        List<String> before = held();
        try (RouteWatch watch = new RouteWatch(net, HOSTS)) {
            rotate(agents, shuffled(random), old + fresh, oldPrint + " " + freshPrint);
            rotate(agents, shuffled(random), fresh + old, freshPrint + " " + oldPrint);
            rotate(agents, shuffled(random), fresh, freshPrint);
            awaitProbes();
            assertThat(held()).as("seed %d", seed).isEqualTo(before);
            assertThat(watch.changes()).as("seed %d", seed).isEmpty();
        }
        for (int host = 1; host <= HOSTS; host++) {
            assertThat(net.metrics(host)).contains("onlink_members{state=\"alive\"} 9.0\n");
            assertThat(net.routes(host)).isEqualTo(net.routesToOthers(host, ALL));
        }
        assertThat(agents).allMatch(Process::isAlive);
    }
}
