package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.List;

/**
 * A link of this host with its IPv4 addresses.
 *
 * @param name such as tunl0
 * @param kind {@code IFLA_INFO_KIND}: ipip, bridge, veth, tun; empty for hardware
 * @param mtu in bytes
 * @param up whether it is administratively up
 * @param addresses its IPv4 addresses
 * @param local of an ipip link, {@code IFLA_IPTUN_LOCAL}; {@link Ipv4#ANY} for none and for other links
 * @param remote of an ipip link, {@code IFLA_IPTUN_REMOTE}; {@link Ipv4#ANY} for none and for other links
 */
public record Link(String name, String kind, int mtu, boolean up, List<Address> addresses, Ipv4 local, Ipv4 remote) {
    /** A link without tunnel addresses. */
    public Link(String name, String kind, int mtu, boolean up, List<Address> addresses) {
        this(name, kind, mtu, up, addresses, Ipv4.ANY, Ipv4.ANY);
    }

    public Link {
        addresses = List.copyOf(addresses);
    }

    /**
     * An address on a link.
     *
     * @param local the host's address
     * @param length of the prefix it is connected to, 0 to 32
     * @param maker who put it there
     */
    public record Address(Ipv4 local, int length, Maker maker) {
        /** One that we put there, or are to. */
        static Address ours(Ipv4 local, int length) {
            return new Address(local, length, Maker.US);
        }

        /** Whether it is the same address with the same length, whoever made it. */
        boolean same(Address other) {
            return local.equals(other.local) && length == other.length;
        }

        /** The connected prefix. */
        public Ipv4Prefix prefix() {
            return Ipv4Prefix.of(local, length);
        }

        @Override
        public String toString() {
            return local + "/" + length;
        }
    }

    /** Whether nothing leaves the host by it: the loopback link and dummies. */
    boolean isHostOnly() {
        return name.equals("lo") || kind.equals("dummy");
    }

    /** Whether the kernel takes off the outer headers of what comes for it now. */
    public boolean takesIpip() {
        return kind.equals("ipip") && up;
    }

    /** Who put an address on a link, by the protocol it bears ({@code IFA_PROTO}, Linux 5.18). */
    public enum Maker {
        /** An agent. */
        US,
        /** Not an agent. */
        OTHER,
        /** The kernel does not tell. */
        UNKNOWN
    }

    /** Whether the link carries the address with that prefix length. */
    public boolean has(Address address) {
        return addresses.stream().anyMatch(address::same);
    }
}
