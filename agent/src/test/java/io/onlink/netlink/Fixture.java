package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Octets a little-endian kernel once gave, with the commands before it as comments, and what they say as text. */
final class Fixture {
    private Fixture() {}

    static byte[] octets(String name) throws IOException {
        try (var in = Fixture.class.getResourceAsStream("/netlink/" + name + ".hex")) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
            String[] octets = text.replaceAll("(?m)^#.*$", "").strip().split("\\s+", -1);
            byte[] result = new byte[octets.length];
            for (int i = 0; i < result.length; i++) {
                result[i] = (byte) Integer.parseInt(octets[i], 16);
            }
            return result;
        }
    }

    static MessageReader read(byte[] octets) {
        return new MessageReader(ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN), octets.length);
    }

    /** A line for each message, as near to {@code ip} as a device's number instead of its name allows. */
    static List<String> decode(byte[] octets) throws NetlinkException {
        List<String> lines = new ArrayList<>();
        MessageReader message = read(octets);
        while (message.next()) {
            switch (message.type()) {
                case Uapi.RTM_NEWROUTE -> lines.add(text(RouteMessage.decode(message)));
                case Uapi.RTM_NEWNEXTHOP -> lines.add(text(NexthopMessage.decode(message)));
                case Uapi.RTM_NEWLINK -> lines.add(text(LinkMessage.decode(message)));
                case Uapi.RTM_NEWADDR -> {
                    AddressMessage address = AddressMessage.decode(message);
                    lines.add("inet " + address.local() + "/" + address.length() + " dev " + address.index());
                }
                case Uapi.NLMSG_ERROR -> lines.add(String.valueOf(message.refusal()));
                default -> lines.add("type " + message.type());
            }
        }
        return lines;
    }

    private static String text(RouteMessage route) {
        return (route.type() == Uapi.RTN_UNICAST ? "" : "type " + route.type() + " ")
                + route.dst()
                + (route.nexthop() == 0 ? "" : " nhid " + route.nexthop())
                + via(route.gateway(), route.oif())
                + " proto " + route.protocol()
                + (route.source() == null ? "" : " src " + route.source())
                + (route.metric() == 0 ? "" : " metric " + route.metric())
                + (route.special() ? " special" : "")
                + onlink(route.flags());
    }

    private static String text(NexthopMessage nexthop) {
        return "id " + nexthop.id() + via(nexthop.gateway(), nexthop.oif()) + " proto " + nexthop.protocol()
                + (nexthop.special() ? " special" : "") + onlink(nexthop.flags());
    }

    private static String text(LinkMessage link) {
        return link.index() + ": " + link.name() + " mtu " + link.mtu() + (link.up() ? " up" : " down")
                + (link.kind().isEmpty() ? "" : " " + link.kind())
                + (link.local().equals(Ipv4.ANY) ? "" : " local " + link.local())
                + (link.remote().equals(Ipv4.ANY) ? "" : " remote " + link.remote());
    }

    private static String via(@Nullable Ipv4 gateway, int oif) {
        return (gateway == null ? "" : " via " + gateway) + (oif == 0 ? "" : " dev " + oif);
    }

    private static String onlink(int flags) {
        return (flags & Uapi.RTNH_F_ONLINK) == 0 ? "" : " onlink";
    }
}
