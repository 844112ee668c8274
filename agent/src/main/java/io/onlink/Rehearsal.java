package io.onlink;

import io.onlink.cli.Commands;
import io.onlink.cli.OnlinkCommand;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All that an agent does, once: two of them meet over loopback, route to each other on paper, answer and leave. What of
 * Onlink they do without is loaded besides.
 *
 * <p>The launcher runs it to have every class of a start loaded when it writes the class archive. It needs no privilege
 * and changes nothing on the host: what it reads of the kernel is real, what it writes is not ({@link PaperKernel}).
 */
final class Rehearsal {
    /** The launcher's word for it; no command for people. */
    static final String COMMAND = "rehearse";

    /** How long the two may take to meet, and to leave, in seconds. */
    private static final int LIMIT_SECONDS = 20;

    private static final Pattern CLASS = Pattern.compile("(io/onlink/.*)\\.class");

    private final Build build;
    private final CountDownLatch routed = new CountDownLatch(2);

    Rehearsal(Build build) {
        this.build = build;
    }

    /** Returns the exit status. */
    int run() {
        try {
            loadOwnClasses();
            Path stage = Files.createTempDirectory("onlink");
            int[] ports = {freePort(), freePort()};
            Thread first = agent(stage, 1, ports);
            Thread second = agent(stage, 2, ports);
            boolean met = routed.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            for (String node : List.of("1", "2")) {
                ask(stage.resolve(node), "/livez");
                ask(stage.resolve(node), "/readyz");
                ask(stage.resolve(node), "/metrics");
                command("status", "--run-dir", stage.resolve(node).toString());
                command("history", "--run-dir", stage.resolve(node).toString());
                command("leave", "--run-dir", stage.resolve(node).toString());
            }
            first.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
            second.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
            clear(stage);
            return met && !first.isAlive() && !second.isAlive() ? 0 : Refusal.UNAVAILABLE;
        } catch (IOException | ReflectiveOperationException | URISyntaxException e) {
            System.err.println("onlink: the rehearsal for the class archive broke off: " + e);
            return Refusal.UNAVAILABLE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Refusal.UNAVAILABLE;
        }
    }

    /** What two agents on paper never need, such as the guard's messages, and what they need only by chance. */
    private static void loadOwnClasses() throws IOException, ReflectiveOperationException, URISyntaxException {
        Path jar = Path.of(Rehearsal.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (JarFile classes = new JarFile(jar.toFile())) {
            for (JarEntry entry : Collections.list(classes.entries())) {
                Matcher name = CLASS.matcher(entry.getName());
                if (name.matches()) {
                    Class.forName(name.group(1).replace('/', '.'), false, Rehearsal.class.getClassLoader());
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket any = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return any.getLocalPort();
        }
    }

    /** The node IPs are of TEST-NET-1 (RFC 5737), for a node IP must not be loopback; gossip keeps to 127.0.0.1. */
    private Thread agent(Path stage, int number, int[] ports) {
        String nodeIp = "192.0.2." + number;
        String subnet = "10.42." + number + ".0/24";
        String directory = stage.resolve(Integer.toString(number)).toString();
        String[] arguments = {
            "agent",
            "--node-name=rehearsal-" + number,
            "--node-ip=" + nodeIp,
            "--subnet=" + subnet,
            "--bind=127.0.0.1",
            "--gossip-port=" + ports[number - 1],
            "--seed=127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1],
            "--insecure",
            "--http=off",
            "--run-dir=" + directory,
            "--state-dir=" + directory
        };
        Commands commands = new Commands(
                build.toString(),
                config -> new AgentRun(
                                config,
                                build,
                                linux -> new PaperKernel(
                                        linux, Ipv4.parse(nodeIp), Ipv4Prefix.parse(subnet), routed::countDown))
                        .run(),
                place -> 0);
        Thread thread = new Thread(() -> new OnlinkCommand(commands).run(arguments, Map.of()), "rehearsal-" + number);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void command(String... arguments) {
        new OnlinkCommand(new Commands(build.toString(), config -> 0, place -> 0)).run(arguments, Map.of());
    }

    /** Reads the page as a scraper would; what it says is of no interest here. */
    private static void ask(Path runDirectory, String page) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(runDirectory.resolve("onlink.sock")));
            String request = "GET " + page + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                answer.clear();
            }
        }
    }

    private static void clear(Path stage) throws IOException {
        try (var files = Files.walk(stage)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
