package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.route.Link;

/**
 * An IPv4 address as the kernel tells it ({@code struct ifaddrmsg}).
 *
 * @param index of its link
 * @param address IFA_LOCAL and ifa_prefixlen
 */
record AddressMessage(int index, Link.Address address) {
    private static final int FIXED = 8;

    static AddressMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        Ipv4 local = Ipv4.ANY;
        while (attributes.next()) {
            local = attributes.type() == Uapi.IFA_LOCAL ? attributes.address() : local;
        }
        int length = message.octet(1);
        if (length > 32) {
            throw new NetlinkException("an address with a prefix length of " + length);
        }
        return new AddressMessage(message.number(4), new Link.Address(local, length));
    }

    static void requestDump(MessageWriter writer) {
        writer.start(Uapi.RTM_GETADDR, Uapi.NLM_F_DUMP)
                .octets(Uapi.AF_INET, 0, 0, 0)
                .number(0);
    }

    /** Adds or deletes ({@code type}) the address on the link with that index. */
    static void write(MessageWriter writer, int type, Link.Address address, int index) {
        writer.start(type, type == Uapi.RTM_NEWADDR ? Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL : 0)
                .octets(Uapi.AF_INET, address.length(), 0, 0)
                .number(index)
                .address(Uapi.IFA_LOCAL, address.local())
                .address(Uapi.IFA_ADDRESS, address.local());
    }
}
