package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Hosts on one bridge, each a network namespace with eth0 172.31.7.N/24 and a veth named tunl0 in place of the ipip
 * device, which takes the same routes; and real agents in them.
 */
public final class Netns implements AutoCloseable {
    public static final Duration SOON = Duration.ofSeconds(60);

    public static final String LAUNCHER = Path.of(System.getProperty("onlink.home", "target/onlink"))
            .resolve("bin/onlink")
            .toAbsolutePath()
            .toString();

    private final String tag;
    private final Path work;
    private String nexthops = "never";
    private final int hosts;
    private final List<Process> agents = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    /** Hosts under a tag of this process, which may make one set of them at a time. */
    Netns(int hosts, Path work) {
        this("ol" + ProcessHandle.current().pid() % 100_000, hosts, work);
    }

    public Netns(String tag, int hosts, Path work) {
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

    /** Makes the tunnels cables of one bridge, 1480 bytes wide, so that packets pass from each to each. */
    void joinTunnels() {
        String bridge = tag + "-u";
        run("ip", "-n", bridge, "link", "add", "br1", "type", "bridge");
        run("ip", "-n", bridge, "link", "set", "br1", "up");
        for (int i = 1; i <= hosts; i++) {
            ip(i, "link set tunl0-far netns " + bridge + " name t" + i);
            run("ip", "-n", bridge, "link", "set", "t" + i, "master", "br1", "up");
            ip(i, "link set tunl0 address 02:00:00:00:00:0" + i + " up");
            for (int peer = 1; peer <= hosts; peer++) {
                ip(i, "neigh add 172.31.7." + peer + " lladdr 02:00:00:00:00:0" + peer + " dev tunl0 nud permanent");
            }
        }
    }

    public String ns(int host) {
        return tag + "-h" + host;
    }

    /** Runs {@code ip} on a host and returns what it prints. */
    public String ip(int host, String arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", ns(host)));
        command.addAll(List.of(arguments.split(" ", -1)));
        return run(command.toArray(String[]::new));
    }

    /** Our routes on a host as {@code ip route} prints them, protocol left out, for it depends on the machine's names. */
    public String routes(int host) {
        return ip(host, "-N route show proto 114")
                .replaceAll(" nhid [0-9]+", "")
                .replaceAll(" +\n", "\n");
    }

    /** The lines {@link #routes} has when the host routes to each of the others. */
    public String routesTo(int... others) {
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

    /** The lines {@link #routes} has when the host routes to all of these but itself. */
    String routesToOthers(int host, int... hosts) {
        return routesTo(IntStream.of(hosts).filter(other -> other != host).toArray());
    }

    /** Agents started from now on use nexthop objects (auto) or plain routes (never, as at first). */
    void nexthops(String setting) {
        nexthops = setting;
    }

    /** Starts an agent; every host is a seed. */
    public Process agent(int host, String... more) throws IOException {
        return agentAs(host, "172.31.7." + host, "10.42." + host + ".0/24", more);
    }

    /** Starts an agent of that node IP and subnet. */
    public Process agentAs(int host, String nodeIp, String subnet, String... more) throws IOException {
        List<String> flags = new ArrayList<>(List.of("--node-ip", nodeIp, "--subnet", subnet));
        if (!List.of(more).contains("--nexthops")) {
            flags.addAll(List.of("--nexthops", nexthops));
        }
        StringBuilder seeds = new StringBuilder("172.31.7.1:5114");
        for (int i = 2; i <= hosts; i++) {
            seeds.append(",172.31.7.").append(i).append(":5114");
        }
        flags.addAll(List.of("--seed", seeds.toString()));
        flags.addAll(List.of(more));
        return start(host, agentCommand(host, flags.toArray(String[]::new)));
    }

    /** The command of an agent named after the host, with the host's directories. */
    public String[] agentCommand(int host, String... flags) {
        String dir = dir(host).toString();
        List<String> command = new ArrayList<>(List.of(LAUNCHER, "agent", "--node-name", "h" + host));
        command.addAll(List.of("--run-dir", dir, "--state-dir", dir));
        if (List.of(flags).stream().noneMatch(flag -> flag.matches("--key-file.*|--insecure"))) {
            command.addAll(List.of("--key-file", key().toString()));
        }
        command.addAll(List.of(flags));
        return command.toArray(String[]::new);
    }

    /** Starts a command on a host; what it prints goes to the host's log. */
    public Process start(int host, String... command) throws IOException {
        Files.createDirectories(dir(host));
        ProcessBuilder builder = new ProcessBuilder(on(host, command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        dir(host).resolve("log").toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        agents.add(process);
        return process;
    }

    /** The command that runs a class of the tests. */
    public static String[] java(Class<?> main, String... arguments) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx64m"));
        command.add("--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED");
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    /** A variable for all that is started from now on. */
    void environment(String name, String value) {
        environment.put(name, value);
    }

    private String[] on(int host, String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", ns(host)));
        whole.addAll(List.of(command));
        return whole.toArray(String[]::new);
    }

    /** Runs a command on a host to its end and returns {@code STATUS: OUTPUT}, dates and the level left out. */
    String ended(int host, String... command) throws IOException {
        Files.createDirectories(dir(host));
        return ended(on(host, command)).replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+ (ERROR|WARN|INFO) +", "");
    }

    /** Waits until a host's routes of ours are these; says what the agent says if they are not. */
    public void awaitRoutes(int host, String expected) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(routes(host))
                        .as(() -> "host " + host + ", whose agent says:\n" + log(host))
                        .isEqualTo(expected));
    }

    /** Waits until each of these hosts routes to the others of them, and to nobody else. */
    void awaitMesh(int... hosts) {
        for (int host : hosts) {
            awaitRoutes(host, routesToOthers(host, hosts));
        }
    }

    /** Starts agents on these hosts, and waits until they are a mesh. */
    Process[] mesh(int... hosts) throws IOException {
        Process[] started = new Process[hosts.length];
        for (int i = 0; i < hosts.length; i++) {
            started[i] = agent(hosts[i]);
        }
        awaitMesh(hosts);
        return started;
    }

    /** Waits until a host's agent has logged that. */
    public void awaitLog(int host, String text) {
        await().atMost(SOON).untilAsserted(() -> assertThat(log(host)).contains(text));
    }

    /** How often a host's agent has logged that. */
    int logged(int host, String text) {
        return log(host).split(Pattern.quote(text), -1).length - 1;
    }

    /** The page {@code /metrics} of a host's agent. */
    public String metrics(int host) {
        return run(on(
                host,
                "bash",
                "-c",
                "exec 3<>/dev/tcp/127.0.0.1/5115; printf 'GET /metrics HTTP/1.1\\r\\nHost: h\\r\\n"
                        + "Connection: close\\r\\n\\r\\n' >&3; cat <&3"));
    }

    /** Runs a client command of the launcher for a host. */
    public String onlink(int host, String command) {
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

    /** Runs the launcher where no agent is, and returns what it prints. */
    static String onlink(String... words) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    /** Takes a host's cable out of the bridge, or puts it back; the host itself sees nothing of it. */
    void cable(int host, boolean plugged) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", tag + "-u", "link", "set", "p" + host));
        command.addAll(plugged ? List.of("master", "br0") : List.of("nomaster"));
        run(command.toArray(String[]::new));
    }

    /** The key file of all hosts. */
    public Path key() {
        return work.resolve("key");
    }

    /** Puts other keys into a key file, in one go. */
    public static void replaceKeys(Path file, String keys, String mode) throws IOException {
        Path fresh = file.resolveSibling("key.new");
        Files.createDirectories(file.getParent());
        Files.writeString(fresh, keys);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public Path dir(int host) {
        return work.resolve("h" + host);
    }

    public String log(int host) {
        try {
            return Files.readString(dir(host).resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end, within 30 s, and returns its output; fails if the command does. */
    public static String run(String... command) {
        String ended = ended(command);
        assertThat(ended).as("%s", List.of(command)).startsWith("0: ");
        return ended.substring("0: ".length());
    }

    /** Runs a command to its end, within 30 s, and returns {@code STATUS: OUTPUT}. */
    static String ended(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var unused =
                    process.onExit().orTimeout(30, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() + ": " + output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
