package io.onlink.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The keys of real agents: changed while they run, kept to themselves, and refused when others may read them. */
class KeysIT extends OnHosts {
    KeysIT() {
        super(2);
    }

    private void write(String keys, String mode) throws IOException {
        Netns.replaceKeys(net.key(), keys, mode);
    }

    private void awaitStatus(int host, String expected) {
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(net.onlink(host, "status")).contains(expected));
    }

    @Test
    void keysAreTakenOnHangupAndOnChangeAndABadFileChangesNothing() throws Exception {
        Process[] agents = net.mesh(1, 2);
        String old = Files.readString(net.key());
        String fresh = Netns.run(Netns.LAUNCHER, "keygen");
        awaitStatus(1, "gossip  sealed with key ");
        String before = net.onlink(1, "status").lines().findFirst().orElse("");

        write(old + fresh, "rw-------");
        Netns.run("kill", "-HUP", Long.toString(agents[0].pid()), Long.toString(agents[1].pid()));
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(net.onlink(1, "status"))
                        .contains(before.substring(0, before.indexOf(" of ")))
                        .contains(", "));
        write(fresh + old, "rw-------");
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(net.onlink(1, "status")).doesNotContain(before));
        write("# nothing\n", "rw-------");
        awaitStatus(1, "the key file is bad as it is now");
        awaitStatus(2, "the key file is bad as it is now");
        assertThat(net.log(1)).contains("holds 0 keys, not 1 to 8").contains("the keys stay as they were");
        write(fresh, "rw-------");
        await().atMost(Netns.SOON)
                .untilAsserted(() -> assertThat(net.onlink(2, "status")).doesNotContain("bad"));
        assertThat(agents[0].isAlive()).isTrue();
        assertThat(net.routes(1)).isEqualTo(net.routesTo(2));
        assertThat(net.log(1)).doesNotContain("delete");
    }

    @Test
    void nothingOutsideTheProcessShowsTheKey() throws Exception {
        Process agent = net.mesh(1, 2)[0];
        String base64 = Files.readString(net.key()).strip();
        byte[] bytes = Base64.getDecoder().decode(base64);
        Map<String, byte[]> shown = new TreeMap<>();
        Path proc = Path.of("/proc", Long.toString(agent.pid()));
        shown.put("cmdline", Files.readAllBytes(proc.resolve("cmdline")));
        shown.put("environ", Files.readAllBytes(proc.resolve("environ")));
        shown.put("log", Files.readAllBytes(net.dir(1).resolve("log")));
        shown.put("metrics", page("/metrics"));
        shown.put("status", net.onlink(1, "status").getBytes(StandardCharsets.UTF_8));
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        shown.put(
                "threads",
                Netns.run(jcmd.toString(), Long.toString(agent.pid()), "Thread.print")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(new String(shown.get("cmdline"), StandardCharsets.UTF_8)).contains("--key-file");
        assertThat(new String(shown.get("metrics"), StandardCharsets.UTF_8)).contains("onlink_gossip_sealed 1.0");
        assertThat(new String(shown.get("threads"), StandardCharsets.UTF_8)).contains("onlink-gossip");
        shown.forEach((where, content) -> {
            String text = new String(content, StandardCharsets.ISO_8859_1);
            for (String form : List.of(
                    base64,
                    base64.substring(0, 20),
                    HexFormat.of().formatHex(bytes),
                    new String(bytes, 0, 8, StandardCharsets.ISO_8859_1))) {
                assertThat(text.contains(form)).as("the key in %s", where).isFalse();
            }
        });
    }

    private byte[] page(String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(net.dir(1).resolve("onlink.sock")));
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            int unused = channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return Channels.newInputStream(channel).readAllBytes();
        }
    }

    @Test
    void withoutAKeyThatIsKeptFromOthersAnAgentDoesNotStart() throws Exception {
        String key = Files.readString(net.key());
        write(key, "rw-r--r--");
        Process loose = net.agent(1);
        assertThat(loose.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(loose.exitValue()).isEqualTo(78);
        assertThat(net.log(1)).contains("has mode 644").contains("run: chmod 600 " + net.key());
        Files.delete(net.key());
        Process none = net.agent(2);
        assertThat(none.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(none.exitValue()).isEqualTo(78);
        assertThat(net.log(2)).contains("does not exist; make a key with").contains("or set insecure");
        assertThat(net.log(1) + net.log(2)).doesNotContain(key.strip());
    }
}
