package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mesh on each Java that -Donlink.test.java.homes names, separated by colons, and on the one that runs the tests. */
@Tag("netns")
@Timeout(180)
class OtherJavaIT {
    @TempDir
    private Path work;

    static Stream<String> homes() {
        String others = System.getProperty("onlink.test.java.homes", "");
        return Stream.concat(Stream.of(System.getProperty("java.home")), Stream.of(others.split(":", -1)))
                .filter(home -> !home.isEmpty())
                .distinct();
    }

    @ParameterizedTest(name = "Java of {0}")
    @MethodSource("homes")
    void agentsMeshAndLeaveWithoutAWordOfTheJvm(String home) throws Exception {
        try (Netns net = new Netns(2, work)) {
            net.environment("JAVA_HOME", home);
            net.start(1, Netns.LAUNCHER, "--version").waitFor();
            assertThat(net.log(1)).matches("onlink \\d+\\.\\d+\\.\\d+.*\n");
            Process agent = net.agent(1);
            net.agent(2, "--nexthops", "auto");
            net.awaitRoutes(1, net.routesTo(2));
            net.awaitLog(2, "ip nexthop add id 114000001 via 172.31.7.1");
            String version = Netns.run("sed", "-n", "s/^JAVA_VERSION=\"\\(.*\\)\"/\\1/p", home + "/release")
                    .strip();
            assertThat(net.metrics(1)).contains("onlink_build_info{java=\"" + version);
            net.onlink(1, "leave");
            assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(agent.exitValue()).isZero();
            assertThat(net.log(1).lines().skip(1).filter(line -> !line.contains("tunl0 is of kind veth")))
                    .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.* INFO  .*"));
        }
    }
}
