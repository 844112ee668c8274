package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import io.onlink.route.KernelException;
import io.onlink.route.Route;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A host whose tables are full of others' routes, as one with a full feed of BGP is. */
@Tag("netns")
class ForeignRoutesTest {
    private static final int MANY = 100_000;
    private static final Route OURS = Route.plain(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.0.2"));

    private static void addForeign() throws Exception {
        Namespace.feed(
                "ip -batch -",
                IntStream.range(0, MANY)
                        .mapToObj(i -> "route add 20." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)
                                + " dev far proto static\n")
                        .collect(Collectors.joining()));
        run("ip route add 10.42.4.0/24 via 172.16.0.4 dev tunl1 onlink proto 114 table 99");
    }

    /** Real ones that count what the kernel gives. */
    private static final class Counted implements Datagrams {
        private final Datagrams real;
        long octets;

        Counted(Datagrams real) {
            this.real = real;
        }

        @Override
        public int port() {
            return real.port();
        }

        @Override
        public void send(LibC.Block message, int length) throws KernelException {
            real.send(message, length);
        }

        @Override
        public int receive(LibC.Block into, int flags) {
            int length = real.receive(into, flags);
            octets += Math.max(length, 0);
            return length;
        }

        @Override
        public void close() {
            real.close();
        }
    }

    @Test
    void theKernelKeepsForeignRoutesOutOfTheDumpSoThatNoneIsRead() throws Exception {
        inside(() -> {
            try (Counted before = new Counted(NetlinkConnection.connect());
                    Counted after = new Counted(NetlinkConnection.connect())) {
                run("ip route add 10.42.2.0/24 via 172.16.0.2 dev tunl1 onlink proto 114");
                Snapshot few = Snapshot.take(new NetlinkConnection(() -> before), Namespace.TUNNEL);
                addForeign();
                Snapshot many = Snapshot.take(new NetlinkConnection(() -> after), Namespace.TUNNEL);
                assertThat(few.dump().table().routes()).containsExactly(OURS);
                assertThat(many.dump().table()).isEqualTo(few.dump().table());
                assertThat(after.octets).isEqualTo(before.octets);
            }
        });
    }

    @Test
    void foreignRoutesAreLeftAlone() throws Exception {
        inside(() -> {
            addForeign();
            String foreign = run("ip route show table all proto static");
            assertThat(foreign.lines()).hasSize(MANY);
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.apply(List.of(new Change.AddRoute(OURS)))).isEmpty();
                assertThat(kernel.dump().table().routes()).containsExactly(OURS);
                assertThat(kernel.apply(List.of(new Change.DeleteRoute(OURS)))).isEmpty();
                assertThat(kernel.dump().table().routes()).isEmpty();
            }
            assertThat(run("ip route show table all proto static").equals(foreign))
                    .as("the foreign routes are as they were")
                    .isTrue();
            assertThat(run("ip route show table 99")).contains("10.42.4.0/24");
        });
    }
}
