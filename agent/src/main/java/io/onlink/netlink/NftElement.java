package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * An element of one of the guard's sets, as the kernel has it.
 *
 * @param key the lowest key: an address, or two
 * @param last the highest of a pair; equal to the key where there is none
 * @param end whether it is not a member but the first address after an interval
 * @param packets counted, 0 where the set does not count
 * @param bytes of them
 */
record NftElement(long key, long last, boolean end, long packets, long bytes) {
    /** Octets of a message that an element with all it has takes. */
    static final int ROOM = 64;

    /** Of a pair. */
    Ipv4 outer() {
        return new Ipv4((int) (key >>> 32));
    }

    /** Of a pair: its lowest inner address. */
    Ipv4 inner() {
        return new Ipv4((int) key);
    }

    /** Of a set of single addresses. */
    Ipv4 address() {
        return new Ipv4((int) key);
    }

    /** The prefix from the lowest to the highest address, or null if these are not the bounds of one. */
    static @org.jspecify.annotations.Nullable Ipv4Prefix prefix(Ipv4 lowest, Ipv4 highest) {
        int differ = lowest.bits() ^ highest.bits();
        int length = Integer.numberOfLeadingZeros(differ);
        Ipv4Prefix prefix = Ipv4Prefix.of(lowest, length);
        return prefix.base().equals(lowest) && prefix.last().equals(highest) ? prefix : null;
    }

    static void writeAddress(MessageWriter list, Ipv4 address) {
        element(list, e -> key(e, NftUapi.NFTA_SET_ELEM_KEY, address.bits()));
    }

    static void writePair(MessageWriter list, Ipv4 outer, Ipv4Prefix inner) {
        element(list, e -> {
            key(e, NftUapi.NFTA_SET_ELEM_KEY, outer.bits(), inner.base().bits());
            key(e, NftUapi.NFTA_SET_ELEM_KEY_END, outer.bits(), inner.last().bits());
        });
    }

    /** Two elements: the first address, and the first that is no member; the latter but for the very last address. */
    static void writePrefix(MessageWriter list, Ipv4Prefix prefix) {
        writeAddress(list, prefix.base());
        int after = prefix.last().bits() + 1;
        if (after != 0) {
            element(list, e -> {
                e.network(NftUapi.NFTA_SET_ELEM_FLAGS, NftUapi.NFT_SET_ELEM_INTERVAL_END);
                key(e, NftUapi.NFTA_SET_ELEM_KEY, after);
            });
        }
    }

    private static void element(MessageWriter list, Consumer<MessageWriter> content) {
        list.nest(NftUapi.NFTA_LIST_ELEM, content);
    }

    private static void key(MessageWriter element, int type, int... addresses) {
        ByteBuffer octets = ByteBuffer.allocate(addresses.length * Integer.BYTES);
        for (int address : addresses) {
            octets.putInt(address);
        }
        element.nest(type, data -> data.octets(NftUapi.NFTA_DATA_VALUE, octets.array()));
    }

    static NftElement decode(AttributeReader attributes) throws NetlinkException {
        long key = 0;
        Long last = null;
        boolean end = false;
        long[] counted = new long[2];
        while (attributes.next()) {
            switch (attributes.type()) {
                case NftUapi.NFTA_SET_ELEM_KEY -> key = key(attributes.nest());
                case NftUapi.NFTA_SET_ELEM_KEY_END -> last = key(attributes.nest());
                case NftUapi.NFTA_SET_ELEM_FLAGS ->
                    end = (attributes.network() & NftUapi.NFT_SET_ELEM_INTERVAL_END) != 0;
                case NftUapi.NFTA_SET_ELEM_EXPR -> counted = counter(attributes.nest());
                default -> {
                    // Padding, or what somebody else added: the key is what lets a packet in.
                }
            }
        }
        return new NftElement(key, last == null ? key : last, end, counted[0], counted[1]);
    }

    private static long key(AttributeReader data) throws NetlinkException {
        long key = 0;
        while (data.next()) {
            byte[] octets = data.octets();
            if (data.type() != NftUapi.NFTA_DATA_VALUE || octets.length > Long.BYTES) {
                throw new NetlinkException("a set's key of " + octets.length + " octets");
            }
            for (byte octet : octets) {
                key = (key << 8) | (octet & 0xff);
            }
        }
        return key;
    }

    private static long[] counter(AttributeReader expression) throws NetlinkException {
        while (expression.next()) {
            if (expression.type() == NftUapi.NFTA_EXPR_DATA) {
                return counted(expression.nest());
            }
        }
        return new long[2];
    }

    /** Packets and bytes of a counter. */
    static long[] counted(AttributeReader data) throws NetlinkException {
        long[] counted = new long[2];
        while (data.next()) {
            if (data.type() == NftUapi.NFTA_COUNTER_PACKETS) {
                counted[0] = data.networkLong();
            } else if (data.type() == NftUapi.NFTA_COUNTER_BYTES) {
                counted[1] = data.networkLong();
            }
        }
        return counted;
    }
}
