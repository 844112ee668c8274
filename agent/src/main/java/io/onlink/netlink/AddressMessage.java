package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.route.Link;
import io.onlink.route.Route;

/**
 * An IPv4 address as the kernel tells it ({@code struct ifaddrmsg}).
 *
 * @param index of its link
 * @param address IFA_LOCAL and ifa_prefixlen; ours where IFA_PROTO is {@value Route#PROTOCOL} (Linux 5.18)
 */
record AddressMessage(int index, Link.Address address) {
    private static final int FIXED = 8;

    static AddressMessage decode(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(FIXED);
        Ipv4 local = Ipv4.ANY;
        boolean ours = false;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFA_LOCAL -> local = attributes.address();
                case Uapi.IFA_PROTO -> ours = attributes.octet() == Route.PROTOCOL;
                default -> {
                    // Label, broadcast address and lifetimes are others' affair.
                }
            }
        }
        int length = message.octet(1);
        if (length > 32) {
            throw new NetlinkException("an address with a prefix length of " + length);
        }
        return new AddressMessage(message.number(4), new Link.Address(local, length, ours));
    }

    static void requestDump(MessageWriter writer) {
        writer.start(Uapi.RTM_GETADDR, Uapi.NLM_F_DUMP)
                .octets(Uapi.AF_INET, 0, 0, 0)
                .number(0);
    }

    /** Adds or deletes ({@code type}) the address on the link with that index. Kernels before 5.18 pass over the mark. */
    static void write(MessageWriter writer, int type, Link.Address address, int index) {
        writer.start(type, type == Uapi.RTM_NEWADDR ? Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL : 0)
                .octets(Uapi.AF_INET, address.length(), 0, 0)
                .number(index)
                .address(Uapi.IFA_LOCAL, address.local())
                .address(Uapi.IFA_ADDRESS, address.local());
        if (type == Uapi.RTM_NEWADDR) {
            writer.octet(Uapi.IFA_PROTO, Route.PROTOCOL);
        }
    }
}
