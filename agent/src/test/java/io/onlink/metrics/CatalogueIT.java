package io.onlink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.route.LinkCounters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own linter says of a scrape with every series in it. */
@Tag("netns")
class CatalogueIT {
    @TempDir
    private Path directory;

    @Test
    void promtoolHasNothingToSayOfAScrape() throws IOException, InterruptedException {
        AgentMetrics metrics =
                new AgentMetrics("0.1.0", "0123456789ab", () -> LinkCounters.ZERO, InstantSource.system());
        metrics.node("a", Ipv4.parse("172.16.165.33"), List.of());
        metrics.keys(() -> new KeyState(true, false, List.of("3eb1bd43")));
        metrics.gossip(
                () -> new GossipCounts(0, 0, 0, 0, 0, Map.of(), Map.of("10.0.0.3", 0L), GossipCounts.Judged.NOBODY));
        PeerRoutes b = new PeerRoutes("b", Ipv4.parse("172.16.165.244"), true);
        metrics.peers(List.of(b));
        metrics.perPeer(PeerFigures.of("b"));
        metrics.probing(() -> false);
        Path page = Files.writeString(directory.resolve("page"), metrics.scrape("text/plain;version=0.0.4"));
        Process promtool = new ProcessBuilder(promtool(), "check", "metrics")
                .redirectInput(page.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    /** On the path, or where the package is unpacked. */
    private static String promtool() {
        String home = System.getProperty("onlink.prometheus", "");
        return Stream.concat(
                        Stream.of(home).filter(text -> !text.isEmpty()).map(text -> text + "/usr/bin"),
                        Stream.of(System.getenv("PATH").split(":", -1)))
                .map(place -> Path.of(place, "promtool"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new AssertionError("promtool is missing: install Debian's package prometheus"));
    }
}
