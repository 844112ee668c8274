package io.onlink.netlink;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A set of the guard's table; its keys are IPv4 addresses.
 *
 * @param name in the table
 * @param pair whether a key is two addresses
 * @param interval whether an element is a range
 * @param counting whether each element counts the packets that were found in it
 * @param dynamic whether rules add the elements, which stay for {@link #STAY} after the last packet
 */
record NftSet(String name, boolean pair, boolean interval, boolean counting, boolean dynamic) {
    /** How long an element stays that a rule has added. */
    static final Duration STAY = Duration.ofMinutes(1);

    /** Most elements that rules add; what comes then is not remembered. */
    static final int MOST_ADDED = 1024;

    private static final int ADDRESS = 4;

    int flags() {
        return (interval ? NftUapi.NFT_SET_INTERVAL : 0)
                | (pair ? NftUapi.NFT_SET_CONCAT : 0)
                | (dynamic ? NftUapi.NFT_SET_TIMEOUT | NftUapi.NFT_SET_EVAL : 0);
    }

    /** Octets of a key. */
    int keyLength() {
        return pair ? 2 * ADDRESS : ADDRESS;
    }

    int keyType() {
        return pair ? NftUapi.TYPE_IPADDR_IPADDR : NftUapi.TYPE_IPADDR;
    }

    /** Writes the attributes of the message that makes it, but for the table's name. */
    void write(MessageWriter message, int id) {
        message.text(NftUapi.NFTA_SET_NAME, name)
                .network(NftUapi.NFTA_SET_FLAGS, flags())
                .network(NftUapi.NFTA_SET_KEY_TYPE, keyType())
                .network(NftUapi.NFTA_SET_KEY_LEN, keyLength())
                .network(NftUapi.NFTA_SET_ID, id);
        if (pair || dynamic) {
            message.nest(NftUapi.NFTA_SET_DESC, this::describe);
        }
        if (dynamic) {
            message.octets(
                    NftUapi.NFTA_SET_TIMEOUT,
                    ByteBuffer.allocate(Long.BYTES).putLong(STAY.toMillis()).array());
        }
        if (counting) {
            message.nest(NftUapi.NFTA_SET_EXPR, e -> e.text(NftUapi.NFTA_EXPR_NAME, "counter"));
        }
    }

    private void describe(MessageWriter desc) {
        if (dynamic) {
            desc.network(NftUapi.NFTA_SET_DESC_SIZE, MOST_ADDED);
        }
        if (pair) {
            desc.nest(NftUapi.NFTA_SET_DESC_CONCAT, fields -> {
                fields.nest(NftUapi.NFTA_LIST_ELEM, f -> f.network(NftUapi.NFTA_SET_FIELD_LEN, ADDRESS));
                fields.nest(NftUapi.NFTA_LIST_ELEM, f -> f.network(NftUapi.NFTA_SET_FIELD_LEN, ADDRESS));
            });
        }
    }

    /** Whether the kernel's set of this name is this one. */
    boolean isIn(AttributeReader attributes) throws NetlinkException {
        boolean counts = false;
        boolean same = true;
        while (attributes.next()) {
            switch (attributes.type()) {
                case NftUapi.NFTA_SET_FLAGS -> same &= attributes.network() == flags();
                case NftUapi.NFTA_SET_KEY_LEN -> same &= attributes.network() == keyLength();
                case NftUapi.NFTA_SET_EXPR -> counts = true;
                default -> {
                    // Its name was asked for; the rest is the kernel's own affair.
                }
            }
        }
        return same && counts == counting;
    }
}
