package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Hosts on one bridge, each a network namespace with eth0 172.31.7.N/24 and a veth named tunl0 in place of the ipip
 * device, which takes the same routes; and real agents in them.
 */
final class Netns implements AutoCloseable {
    static final String LAUNCHER = Path.of(System.getProperty("onlink.home", "target/onlink"))
            .resolve("bin/onlink")
            .toAbsolutePath()
            .toString();

    private final String tag;
    private final Path work;
    private final int hosts;
    private final List<Process> agents = new ArrayList<>();

    Netns(String tag, int hosts, Path work) {
        this.tag = tag;
        this.hosts = hosts;
        this.work = work;
        try {
            Files.writeString(
                    Files.createFile(
                            key(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                    run(LAUNCHER, "keygen"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        run("ip", "netns", "add", tag + "-u");
        run("ip", "-n", tag + "-u", "link", "add", "br0", "type", "bridge");
        run("ip", "-n", tag + "-u", "link", "set", "br0", "up");
        for (int i = 1; i <= hosts; i++) {
            String ns = ns(i);
            run("ip", "netns", "add", ns);
            ip(i, "link set lo up");
            run("ip", "-n", tag + "-u", "link", "add", "p" + i, "type", "veth", "peer", "name", "eth0", "netns", ns);
            run("ip", "-n", tag + "-u", "link", "set", "p" + i, "master", "br0", "up");
            ip(i, "addr add 172.31.7." + i + "/24 dev eth0");
            ip(i, "link set eth0 up");
            ip(i, "link add tunl0 type veth peer name tunl0-far");
            ip(i, "link set tunl0-far up");
        }
    }

    String ns(int host) {
        return tag + "-h" + host;
    }

    /** Runs {@code ip} on a host and returns what it prints. */
    String ip(int host, String arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", ns(host)));
        command.addAll(List.of(arguments.split(" ", -1)));
        return run(command.toArray(String[]::new));
    }

    /** Our routes on a host as {@code ip route} prints them, protocol left out, for it depends on the machine's names. */
    String routes(int host) {
        return ip(host, "-N route show proto 114").replaceAll(" +\n", "\n");
    }

    /** The lines {@link #routes} has when the host routes to each of the others. */
    String routesTo(int... others) {
        StringBuilder lines = new StringBuilder();
        for (int other : others) {
            lines.append("10.42.")
                    .append(other)
                    .append(".0/24 via 172.31.7.")
                    .append(other)
                    .append(" dev tunl0 onlink\n");
        }
        return lines.toString();
    }

    /** Starts an agent with plain routes; every host is a seed. */
    Process agent(int host, String... more) throws IOException {
        StringBuilder seeds = new StringBuilder("172.31.7.1:5114");
        for (int i = 2; i <= hosts; i++) {
            seeds.append(",172.31.7.").append(i).append(":5114");
        }
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", ns(host), LAUNCHER, "agent"));
        command.addAll(List.of("--node-name", "h" + host, "--node-ip", "172.31.7." + host, "--seed", seeds.toString()));
        command.addAll(List.of(
                "--subnet", "10.42." + host + ".0/24", "--run-dir", dir(host).toString()));
        command.addAll(List.of("--state-dir", dir(host).toString(), "--nexthops", "never"));
        command.addAll(List.of("--key-file", key().toString()));
        command.addAll(List.of(more));
        Files.createDirectories(dir(host));
        File log = dir(host).resolve("log").toFile();
        Process agent = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        agents.add(agent);
        return agent;
    }

    /** Runs a client command of the launcher for a host. */
    String onlink(int host, String command) {
        return run(
                "ip",
                "netns",
                "exec",
                ns(host),
                LAUNCHER,
                command,
                "--run-dir",
                dir(host).toString());
    }

    /** The key file of all hosts. */
    Path key() {
        return work.resolve("key");
    }

    Path dir(int host) {
        return work.resolve("h" + host);
    }

    String log(int host) throws IOException {
        return Files.readString(dir(host).resolve("log"));
    }

    /** Runs a command to its end, within 30 s, and returns its output; fails if the command does. */
    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("%s ends", List.of(command))
                    .isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", List.of(command), output)
                    .isZero();
            return output;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        agents.forEach(Process::destroyForcibly);
        agents.forEach(agent -> agent.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        for (int i = 1; i <= hosts; i++) {
            run("ip", "netns", "del", ns(i));
        }
        run("ip", "netns", "del", tag + "-u");
    }
}
