package io.onlink.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.Seeded;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.FakeKernel;
import io.onlink.route.Nexthop;
import io.onlink.route.Route;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write reads as what we meant, on a processor of either order. */
class RoundTripTest {
    private final ByteBuffer buffer = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    private final MessageWriter writer = new MessageWriter(buffer);

    private List<String> read() throws NetlinkException {
        return Fixture.decode(Arrays.copyOf(buffer.array(), writer.length()));
    }

    private static Route plain(String dst, String gateway) {
        return Route.plain(Ipv4Prefix.parse(dst), Ipv4.parse(gateway));
    }

    @Test
    void messagesOfOneBatchReadAsIpPrintsThem() throws Exception {
        Nexthop peer = new Nexthop(4_000_000_002L, Ipv4.parse("172.16.0.3"), true);
        RouteMessage.writePlain(writer, 0, plain("10.42.2.0/24", "172.16.0.2"), 3);
        NexthopMessage.write(writer, 0, peer, 3);
        RouteMessage.writeThrough(writer, 0, Route.through(Ipv4Prefix.parse("10.42.3.7/32"), peer));
        AddressMessage.write(writer, Uapi.RTM_NEWADDR, FakeKernel.address("10.42.1.0/32"), 3);
        assertThat(read())
                .containsExactly(
                        "10.42.2.0/24 via 172.16.0.2 dev 3 proto 114 onlink",
                        "id 4000000002 via 172.16.0.3 dev 3 proto 114 onlink",
                        "10.42.3.7/32 nhid 4000000002 proto 114",
                        "inet 10.42.1.0/32 dev 3");
        assertThat(writer.count()).isEqualTo(4);
    }

    @Test
    void anIpipLinkReadsWithItsEnds() throws Exception {
        LinkMessage.writeCreate(writer, "onl0", "ipip", Ipv4.parse("172.16.165.33"));
        LinkMessage.writeCreate(writer, "tunl0", "ipip", Ipv4.ANY);
        LinkMessage.writeCreate(writer, "mybr0", "bridge", Ipv4.ANY);
        assertThat(read())
                .containsExactly(
                        "0: onl0 mtu 0 down ipip local 172.16.165.33",
                        "0: tunl0 mtu 0 down ipip",
                        "0: mybr0 mtu 0 down bridge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void anyRouteReadsBackAsItself(String order) {
        Seeded.cases(500, random -> {
            ByteBuffer octets = ByteBuffer.allocate(256)
                    .order(order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            MessageWriter to = new MessageWriter(octets);
            Ipv4Prefix dst = Ipv4Prefix.of(new Ipv4(random.nextInt()), random.nextInt(33));
            long id = random.nextBoolean() ? 0 : Integer.toUnsignedLong(random.nextInt() | 1);
            Route route = new Route(dst, new Ipv4(random.nextInt()), id, true);
            int oif = 1 + random.nextInt(1000);
            if (id == 0) {
                RouteMessage.writePlain(to, 0, route, oif);
            } else {
                RouteMessage.writeThrough(to, 0, route);
            }
            MessageReader message = new MessageReader(octets, to.length());
            assertThat(message.next()).isTrue();
            assertThat(RouteMessage.decode(message)).isEqualTo(RouteMessage.of(route, oif));
            assertThat(RouteMessage.isMain(message, Route.PROTOCOL)).isTrue();
            assertThat(message.next()).isFalse();
        });
    }

    @Test
    void aDeletionNamesTheRouteTheKernelToldOfAndNoOther() throws Exception {
        MessageReader told = Fixture.read(Fixture.octets("routes"));
        while (told.next()) {
            RouteMessage.decode(told).writeDelete(writer);
        }
        MessageReader deletions = Fixture.read(Arrays.copyOf(buffer.array(), writer.length()));
        told = Fixture.read(Fixture.octets("routes"));
        while (told.next()) {
            assertThat(deletions.next()).isTrue();
            RouteMessage route = RouteMessage.decode(told);
            RouteMessage deletion = RouteMessage.decode(deletions);
            assertThat(deletions.type()).isEqualTo(Uapi.RTM_DELROUTE);
            assertThat(deletion.dst()).isEqualTo(route.dst());
            assertThat(deletion.metric()).isEqualTo(route.metric());
            assertThat(deletion.protocol()).isEqualTo(route.protocol());
            assertThat(deletion.type()).isEqualTo(route.type());
            assertThat(deletion.nexthop()).isEqualTo(route.nexthop());
            assertThat(deletion.gateway()).isEqualTo(route.nexthop() == 0 ? route.gateway() : null);
        }
        assertThat(deletions.next()).isFalse();
    }

    @Test
    void onlyTheLastMessageAsksForAnAcknowledgementWhenTold() throws Exception {
        RouteMessage.writePlain(writer, 0x600, plain("10.42.2.0/24", "172.16.0.2"), 3);
        RouteMessage.writePlain(writer, 0x600, plain("10.42.3.0/24", "172.16.0.2"), 3);
        writer.acknowledge();
        MessageReader message = Fixture.read(Arrays.copyOf(buffer.array(), writer.length()));
        assertThat(message.next()).isTrue();
        assertThat(message.flags()).isEqualTo(0x601);
        assertThat(message.sequence()).isEqualTo(1);
        assertThat(message.next()).isTrue();
        assertThat(message.flags()).isEqualTo(0x605);
        assertThat(message.sequence()).isEqualTo(2);
        writer.clear();
        assertThat(writer.length()).isZero();
        RouteMessage.requestDump(writer, Route.PROTOCOL);
        assertThat(writer.sequence()).isEqualTo(3);
        assertThat(writer.count()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "tun", "tunl0", "mesh-bridge-007", "\u00fcber0"})
    void textIsPaddedToFourAndNestsReadBack(String name) throws Exception {
        LinkMessage.writeCreate(writer, name, "ipip", Ipv4.ANY);
        assertThat(writer.length() % 4).isZero();
        MessageReader message = Fixture.read(Arrays.copyOf(buffer.array(), writer.length()));
        assertThat(message.next()).isTrue();
        assertThat(LinkMessage.decode(message))
                .isEqualTo(new LinkMessage(0, name, "ipip", 0, false, Ipv4.ANY, Ipv4.ANY));
    }

    @Test
    void whatWasThereBeforeDoesNotShineThroughThePadding() throws Exception {
        Arrays.fill(buffer.array(), (byte) 0x7f);
        LinkMessage.writeMtu(writer, "tunl0", 1480);
        assertThat(read()).containsExactly("0: tunl0 mtu 1480 down");
    }

    @Test
    void textLongerThanALinkNameIsRefused() {
        LinkMessage.writeUp(writer, "sixteen-letters.");
        assertThatThrownBy(this::read)
                .isInstanceOf(NetlinkException.class)
                .hasMessage("attribute 3 has more than 15 octets of text");
    }
}
