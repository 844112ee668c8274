package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.route.Link;
import io.onlink.route.Route;

/**
 * An IPv4 address as the kernel tells it ({@code struct ifaddrmsg}).
 *
 * @param index of its link
 * @param local IFA_LOCAL
 * @param length ifa_prefixlen, 0 to 32
 * @param protocol IFA_PROTO: who made it, 0 if nobody said so or the kernel is older than 5.18
 */
record AddressMessage(int index, Ipv4 local, int length, int protocol) {
    private static final int FIXED = 8;

    static AddressMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        Ipv4 local = Ipv4.ANY;
        int protocol = 0;
        while (attributes.next()) {
            local = attributes.type() == Uapi.IFA_LOCAL ? attributes.address() : local;
            protocol = attributes.type() == Uapi.IFA_PROTO ? attributes.octet() : protocol;
        }
        int length = message.octet(1);
        if (length > 32) {
            throw new NetlinkException("an address with a prefix length of " + length);
        }
        return new AddressMessage(message.number(4), local, length, protocol);
    }

    /** As the core knows it; {@code told} is whether this kernel tells who made an address. */
    Link.Address address(boolean told) {
        Link.Maker other = told ? Link.Maker.OTHER : Link.Maker.UNKNOWN;
        return new Link.Address(local, length, protocol == Route.PROTOCOL ? Link.Maker.US : other);
    }

    static void requestDump(MessageWriter writer) {
        writer.start(Uapi.RTM_GETADDR, Uapi.NLM_F_DUMP)
                .octets(Uapi.AF_INET, 0, 0, 0)
                .number(0);
    }

    /** Adds or deletes ({@code type}) the address on the link with that index; what is added is marked as ours. */
    static void write(MessageWriter writer, int type, Link.Address address, int index) {
        MessageWriter message = writer.start(type, type == Uapi.RTM_NEWADDR ? Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL : 0)
                .octets(Uapi.AF_INET, address.length(), 0, 0)
                .number(index)
                .address(Uapi.IFA_LOCAL, address.local())
                .address(Uapi.IFA_ADDRESS, address.local());
        if (type == Uapi.RTM_NEWADDR) {
            message.octet(Uapi.IFA_PROTO, Route.PROTOCOL);
        }
    }
}
