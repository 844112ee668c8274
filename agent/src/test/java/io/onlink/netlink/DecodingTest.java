package io.onlink.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.route.Change;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DecodingTest {
    @Test
    void routesReadAsIpRoutePrintsThem() throws Exception {
        assertThat(Fixture.decode(Fixture.octets("routes")))
                .containsExactly(
                        "10.42.2.0/24 via 172.16.0.2 dev 3 proto 114 onlink",
                        "10.42.3.0/24 via 172.16.0.3 dev 3 proto 114 metric 5 special onlink",
                        "10.42.3.7/32 via 172.16.0.3 dev 2 proto 114 src 10.42.1.0 onlink",
                        "10.42.4.0/24 nhid 2 via 172.16.0.2 dev 3 proto 114 onlink",
                        "type 6 10.42.5.0/24 proto 114");
    }

    @Test
    void aRouteMayNameItsNexthopObjectAlone() throws Exception {
        assertThat(Fixture.decode(Fixture.octets("routes-compat-off")))
                .containsExactly("10.42.4.0/24 nhid 2 proto 114");
    }

    @Test
    void nexthopObjectsReadAsIpNexthopPrintsThem() throws Exception {
        assertThat(Fixture.decode(Fixture.octets("nexthops")))
                .containsExactly(
                        "id 2 via 172.16.0.2 dev 3 proto 114 onlink",
                        "id 3 via 172.16.0.3 dev 2 proto 114 onlink",
                        "id 4 proto 114 special",
                        "id 5 dev 3 proto 114",
                        "id 6 proto 114 special",
                        "id 7 via 172.16.0.7 dev 3 proto 4 onlink",
                        "type 3");
    }

    @Test
    void linksReadAsIpLinkPrintsThem() throws Exception {
        assertThat(Fixture.decode(Fixture.octets("links")))
                .containsExactly("1: lo mtu 65536 up", "2: far mtu 1500 down veth", "3: tunl1 mtu 1480 up veth");
    }

    @Test
    void addressesReadAsIpAddressPrintsThem() throws Exception {
        assertThat(Fixture.decode(Fixture.octets("addresses")))
                .containsExactly(
                        "inet 127.0.0.1/8 dev 1",
                        "inet 172.16.0.1/24 dev 2",
                        "inet 10.42.1.0/32 dev 3",
                        "inet 10.42.1.9/30 dev 3");
    }

    @Test
    void theRouteOfALookupBearsItsSource() throws Exception {
        assertThat(Fixture.decode(Fixture.octets("lookup")))
                .containsExactly("172.16.0.77/32 dev 2 proto 0 src 172.16.0.1");
    }

    @Test
    void aRefusalIsToldInTheKernelsOwnWords() throws Exception {
        MessageReader message = Fixture.read(Fixture.octets("refusal"));
        assertThat(message.next()).isTrue();
        Refusal refusal = message.refusal();
        assertThat(refusal).isNotNull();
        assertThat(refusal.of(new Change.SetUp("tunl0")))
                .hasToString("ip link set tunl0 up: EINVAL, Invalid device index; see dmesg");
    }

    @Test
    void aRefusalWithoutWordsIsToldInOurs() {
        assertThat(new Refusal(Errno.EPERM, "").of(new Change.SetUp("tunl0")))
                .hasToString("ip link set tunl0 up: EPERM, the agent lacks CAP_NET_ADMIN; run it as root or grant that "
                        + "capability");
        assertThat(new Refusal(77, "").of(new Change.SetUp("tunl0")))
                .hasToString("ip link set tunl0 up: errno 77, the kernel refused it");
    }

    /** CAP_NET_ADMIN, which it has, is of no help there. */
    @Test
    void aSocketThatMayNotBeBoundToTheTunnelSaysWhichCapabilityAnOldKernelWants() {
        assertThat(TunnelSocket.unbound("tunl0", -Errno.EPERM))
                .hasMessage(
                        "cannot bind to the link tunl0: EPERM, before Linux 5.7 that takes CAP_NET_RAW; grant it too");
        assertThat(TunnelSocket.unbound("tunl0", -Errno.ENODEV))
                .hasMessage("cannot bind to the link tunl0: ENODEV, no such link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"routes", "routes-compat-off", "nexthops", "links", "addresses", "lookup", "refusal"})
    void withAnyBitFlippedItDecodesOrIsRefused(String name) throws Exception {
        byte[] octets = Fixture.octets(name);
        int refused = 0;
        for (int bit = 0; bit < octets.length * 8; bit++) {
            byte[] flipped = octets.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused += refused(flipped);
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"routes", "routes-compat-off", "nexthops", "links", "addresses", "lookup", "refusal"})
    void cutAnywhereButBetweenMessagesItIsRefused(String name) throws Exception {
        byte[] octets = Fixture.octets(name);
        int messages = Fixture.decode(octets).size();
        int decoded = 0;
        for (int length = 1; length <= octets.length; length++) {
            decoded += 1 - refused(Arrays.copyOf(octets, length));
        }
        assertThat(decoded).isEqualTo(messages);
    }

    /** Cut with the message's length put right, only the attributes' own lengths can tell. */
    @ParameterizedTest
    @ValueSource(strings = {"routes", "routes-compat-off", "nexthops", "links", "addresses", "lookup", "refusal"})
    void aMessageCutWithinAnAttributeIsRefused(String name) throws Exception {
        byte[] octets = Fixture.octets(name);
        int whole = Byte.toUnsignedInt(octets[0]) | Byte.toUnsignedInt(octets[1]) << 8;
        int refused = 0;
        for (int length = 16; length < whole; length++) {
            byte[] cut = Arrays.copyOf(octets, length);
            cut[0] = (byte) length;
            cut[1] = (byte) (length >> 8);
            refused += refused(cut);
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aRefusedAttributeIsNotSteppedOver() throws Exception {
        byte[] octets = Fixture.octets("routes-compat-off");
        octets[28] = 3;
        MessageReader message = Fixture.read(octets);
        assertThat(message.next()).isTrue();
        AttributeReader attributes = message.attributes(12);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(attributes::next)
                    .isInstanceOf(NetlinkException.class)
                    .hasMessage("an attribute of 3 octets where 24 are left");
        }
    }

    @Test
    void anAddressOfTheWrongLengthIsRefused() throws Exception {
        byte[] octets = Fixture.octets("routes-compat-off");
        octets[36] = 16;
        assertThatThrownBy(() -> Fixture.decode(octets))
                .isInstanceOf(NetlinkException.class)
                .hasMessage("attribute 1 has 12 octets instead of 4");
    }

    private static int refused(byte[] octets) {
        try {
            Fixture.decode(octets);
            return 0;
        } catch (NetlinkException e) {
            return 1;
        }
    }
}
