package io.onlink.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.lab.Netns;
import io.onlink.seal.Key;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real packets of the mesh, heard on the wire and sent again, to the letter, by one who cannot read them. */
@Tag("netns")
@Timeout(180)
class ReplayIT {
    private static final int HELLO = 0;

    @TempDir
    private Path work;

    private Siege siege;

    @BeforeEach
    void meet() throws Exception {
        siege = new Siege(work);
        await().atMost(Siege.SOON).until(() -> siege.messages(2, 1).size() >= 3);
    }

    @AfterEach
    void end() {
        siege.close();
    }

    /** Sends all of these to host 1 again, from an address of the attacker's, and counts what comes back to it. */
    private int again(List<Wiretap.Heard> packets) throws Exception {
        return siege.attack(() -> {
            try (Stranger stranger = new Stranger()) {
                for (Wiretap.Heard packet : packets) {
                    stranger.send(packet.bytes());
                }
                return stranger.replies();
            }
        });
    }

    @Test
    void insideTheSessionEveryPacketCountsOnceAndAfterANewKeyNone() throws Exception {
        siege.watch();
        insideTheSessionEveryPacketCountsOnceFromWhicheverAddress();
        afterTheKeyHasChangedTheyAreOfAnUnknownKey();
        siege.assertUnmoved();
    }

    private void insideTheSessionEveryPacketCountsOnceFromWhicheverAddress() throws Exception {
        List<Wiretap.Heard> heard = siege.tap.between(2, 1);
        long before = siege.refused("replay");
        assertThat(again(heard)).as("replies").isZero();
        assertThat(siege.refused("replay") - before).isGreaterThanOrEqualTo(heard.size());
        asHost2();
        int spoofed = siege.attack(() -> {
            try (Stranger stranger = new Stranger(new InetSocketAddress("172.31.7.2", 5114))) {
                for (Wiretap.Heard packet : heard) {
                    stranger.send(packet.bytes());
                }
                return stranger.replies();
            }
        });
        assertThat(spoofed).isZero();
        assertThat(siege.refused("replay") - before).isGreaterThanOrEqualTo(2L * heard.size());
    }

    /** Gives the attacker the address of host 2 to send from, without anybody being told who asks for it. */
    private void asHost2() throws Exception {
        String mac =
                siege.net.ip(1, "-br link show dev eth0").replaceAll("(?s).*?([0-9a-f]{2}(:[0-9a-f]{2}){5}).*", "$1");
        siege.attack(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/conf/all/arp_ignore"), "1"));
        siege.net.ip(Siege.ATTACKER, "addr add 172.31.7.2/32 dev lo");
        siege.net.ip(Siege.ATTACKER, "neigh replace 172.31.7.1 lladdr " + mac + " dev eth0 nud permanent");
    }

    @Test
    void afterTheirSenderHasLeftTheyDoNotBringItBack() throws Exception {
        List<Wiretap.Heard> heard = siege.tap.between(2, 1);
        siege.net.onlink(2, "leave");
        assertThat(siege.agents[2].waitFor(20, TimeUnit.SECONDS)).isTrue();
        siege.net.awaitRoutes(1, "");
        assertThat(again(heard)).as("replies").isZero();
        assertThat(again(siege.tap.between(2, 1)))
                .as("replies, the leave's among them")
                .isZero();
        assertThat(siege.refused("replay")).isGreaterThanOrEqualTo(2L * heard.size());
        assertThat(siege.net.routes(1)).isEmpty();
        assertThat(siege.metric(1, "onlink_members{state=\"alive\"}")).isZero();
    }

    private void afterTheKeyHasChangedTheyAreOfAnUnknownKey() throws Exception {
        List<Wiretap.Heard> heard = siege.tap.between(2, 1);
        String old = Files.readString(siege.net.key());
        String fresh = Netns.run(Netns.LAUNCHER, "keygen");
        for (String keys : List.of(old + fresh, fresh + old, fresh)) {
            Netns.replaceKeys(siege.net.key(), keys, "rw-------");
            await().atMost(Siege.SOON).until(() -> taken(1, keys) && taken(2, keys));
        }
        long unknown = siege.refused("unknown_key");
        assertThat(again(heard)).as("replies").isZero();
        assertThat(siege.refused("unknown_key") - unknown).isEqualTo(heard.size());
    }

    /** Whether the host's agent shows as many keys as these, and seals with the first. */
    private boolean taken(int host, String keys) {
        String metrics = siege.net.metrics(host);
        long shown = metrics.lines()
                .filter(line -> line.startsWith("onlink_gossip_key_info{"))
                .count();
        String first = Key.parse(keys.lines().findFirst().orElse("")).fingerprint();
        return shown == keys.lines().count()
                && metrics.contains("onlink_gossip_key_info{fingerprint=\"" + first + "\",index=\"0\"}");
    }

    @Test
    void toALaterRunOfTheReceiverTheyAreForSomebodyElse() throws Exception {
        List<Wiretap.Heard> heard = siege.tap.between(2, 1);
        siege.agents[1].destroyForcibly().waitFor();
        siege.agents[2].destroyForcibly().waitFor();
        siege.agents[1] = siege.start(1);
        await().atMost(Siege.SOON)
                .ignoreExceptions()
                .until(() -> siege.metric(1, "onlink_members{state=\"alive\"}") == 0);
        assertThat(heard).anyMatch(packet -> packet.type() == HELLO);
        assertThat(again(heard)).as("replies").isZero();
        assertThat(again(heard)).as("replies to the same again").isZero();
        assertThat(siege.refused("not_for_us", "mac", "rate", "replay")).isGreaterThanOrEqualTo(heard.size());
        assertThat(siege.metric(1, "onlink_gossip_sessions_total")).isZero();
        assertThat(siege.metric(1, "onlink_members{state=\"alive\"}")).isZero();
    }
}
