package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the kernels of hosts 1 to N say of their routes from now on, by {@code ip monitor route} in each. */
final class RouteWatch implements AutoCloseable {
    private static final String MARK = "192.0.2.";

    private final Netns net;
    private final int hosts;
    private final List<Process> monitors = new ArrayList<>();
    private int marks;

    /** Returns when every monitor listens. */
    RouteWatch(Netns net, int hosts) throws IOException {
        this.net = net;
        this.hosts = hosts;
        for (int host = 1; host <= hosts; host++) {
            Files.deleteIfExists(output(host));
            monitors.add(new ProcessBuilder("ip", "netns", "exec", net.ns(host), "ip", "-4", "-N", "monitor", "route")
                    .redirectErrorStream(true)
                    .redirectOutput(output(host).toFile())
                    .start());
        }
        mark();
    }

    private Path output(int host) {
        return net.dir(host).resolve("monitor");
    }

    /** A route of no meaning on each host, until its monitor has shown it: it listens, and has shown all before. */
    private void mark() {
        marks++;
        String mark = MARK + marks;
        for (int host = 1; host <= hosts; host++) {
            int each = host;
            await().atMost(Netns.SOON).untilAsserted(() -> {
                net.ip(each, "route add blackhole " + mark);
                net.ip(each, "route del blackhole " + mark);
                assertThat(Files.readString(output(each))).contains(mark);
            });
        }
    }

    /** All that has changed so far, each line with its host before it: {@code h3: Deleted 10.42.1.0/24 via ...}. */
    List<String> changes() throws IOException {
        mark();
        List<String> changes = new ArrayList<>();
        for (int host = 1; host <= hosts; host++) {
            for (String line : Files.readAllLines(output(host))) {
                if (!line.contains(MARK)) {
                    changes.add("h" + host + ": " + line.strip());
                }
            }
        }
        return changes;
    }

    @Override
    public void close() {
        monitors.forEach(Process::destroyForcibly);
        monitors.forEach(
                monitor -> monitor.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }
}
