package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atomix.utils.net.Address;
import io.onlink.inet.Ipv4;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
    private static final Frame PROBE = Frame.oneWay(Subject.MEMBERSHIP, new byte[] {1, 2, 3});
    private static final InetSocketAddress THERE = Endpoint.socket(Ipv4.parse("172.16.165.244"), 5114);

    @Test
    void whatIsSealedIsOpened() throws MalformedFrameException {
        Frame opened = FrameCodec.open(FrameCodec.seal(PROBE, 7, 8), THERE, 8);
        assertThat(opened.payload).isEqualTo(PROBE.payload);
        assertThat(opened.source).isEqualTo(new Endpoint(Ipv4.parse("172.16.165.244"), 5114, 7));
    }

    @Test
    void aFrameForAFormerRunIsRefused() {
        byte[] bytes = FrameCodec.seal(PROBE, 7, 8);
        assertThatThrownBy(() -> FrameCodec.open(bytes, THERE, 9)).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void whatIsNoFrameIsRefused() {
        byte[] good = FrameCodec.seal(PROBE, 7, 0);
        for (int at = 0; at < 4; at++) {
            byte[] bad = good.clone();
            bad[at] = 99;
            assertThatThrownBy(() -> FrameCodec.open(bad, THERE, 8)).isInstanceOf(MalformedFrameException.class);
        }
        for (int length = 0; length < 20; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> FrameCodec.open(cut, THERE, 8)).hasMessage("length " + length);
        }
    }

    @Test
    void aFrameBeyondTheLimitIsNotSent() {
        Frame large = Frame.oneWay(Subject.MEMBERSHIP, new byte[FrameCodec.MAX_FRAME]);
        assertThatThrownBy(() -> FrameCodec.seal(large, 7, 8)).hasMessageContaining("exceeds a frame of 1048576");
    }

    @Test
    void anEndpointKeepsItsBootIdInTheHostText() {
        Endpoint endpoint = new Endpoint(Ipv4.parse("172.16.165.33"), 5114, 0xc0ffee);
        assertThat(endpoint.address().host()).isEqualTo("172.16.165.33~0000000000c0ffee");
        assertThat(Endpoint.of(endpoint.address())).isEqualTo(endpoint);
        assertThat(Endpoint.of(endpoint.anyBoot().address())).isEqualTo(endpoint.anyBoot());
    }

    @Test
    void noNameIsEverResolvedAndNoGroupIsEverSentTo() {
        for (String host : new String[] {"localhost", "", "224.0.0.1", "255.255.255.255", "0.0.0.0", "10.0.0.1~x"}) {
            assertThat(Endpoint.of(Address.from(host, 5114))).isNull();
        }
        assertThat(Endpoint.of(Address.from("10.0.0.1", 0))).isNull();
        assertThat(Endpoint.of((Address) null)).isNull();
    }

    @Test
    void aSeedIsAHostAndAPort() {
        assertThat(Seed.parse("a.example:5114")).hasToString("a.example:5114");
        for (String text : new String[] {"a", "a:", ":5114", "a:0", "a:65536", "a:x"}) {
            assertThatThrownBy(() -> Seed.parse(text)).hasMessageContaining("seed '" + text + "' is not host:port");
        }
    }
}
