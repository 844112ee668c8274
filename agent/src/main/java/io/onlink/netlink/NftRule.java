package io.onlink.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A rule of one of the guard's chains.
 *
 * @param chain its name
 * @param steps what it does, in order
 */
record NftRule(String chain, List<NftExpression> steps) {
    /** Longest name that is read, in octets ({@code NFT_NAME_MAXLEN}). */
    static final int NAME = 256;

    /** Room for the longest rule of ours. */
    private static final int ROOM = 1024;

    /** Attributes that hold attributes, by the expression they are in and their place. */
    private static final List<String> NESTS =
            List.of("bitwise.4", "bitwise.5", "cmp.3", "immediate.2", "immediate.2.2");

    NftRule {
        steps = List.copyOf(steps);
    }

    /** Writes the expressions into the message of a rule. */
    void write(MessageWriter message) {
        message.nest(
                NftUapi.NFTA_RULE_EXPRESSIONS,
                list -> steps.forEach(step -> list.nest(NftUapi.NFTA_LIST_ELEM, e -> {
                    e.text(NftUapi.NFTA_EXPR_NAME, step.name());
                    e.nest(NftUapi.NFTA_EXPR_DATA, step::write);
                })));
    }

    /** What the kernel would say of this rule, as {@link #canonical} puts it. */
    String canonical() {
        ByteBuffer buffer = ByteBuffer.allocate(ROOM).order(ByteOrder.nativeOrder());
        MessageWriter writer = new MessageWriter(buffer).start(0, 0);
        write(writer);
        MessageReader message = new MessageReader(buffer, writer.length());
        try {
            message.next();
            AttributeReader attributes = message.attributes(0);
            attributes.next();
            return canonical(attributes.nest());
        } catch (NetlinkException e) {
            throw new IllegalStateException("what was just written cannot be read", e);
        }
    }

    /**
     * A rule's expressions as text that is equal for equal rules. An attribute of zeros alone is left out: kernels differ
     * in whether they write those, and to us they mean what their absence does.
     */
    static String canonical(AttributeReader list) throws NetlinkException {
        StringBuilder text = new StringBuilder();
        while (list.next()) {
            AttributeReader attributes = list.nest();
            String name = "?";
            String data = "{}";
            while (attributes.next()) {
                if (attributes.type() == NftUapi.NFTA_EXPR_NAME) {
                    name = attributes.text(NAME);
                } else if (attributes.type() == NftUapi.NFTA_EXPR_DATA) {
                    data = canonical(attributes.nest(), name);
                } else {
                    data = "{an attribute of a later kernel}";
                }
            }
            text.append(name).append(data);
        }
        return text.toString();
    }

    private static String canonical(AttributeReader attributes, String place) throws NetlinkException {
        Map<Integer, String> values = new TreeMap<>();
        while (attributes.next()) {
            String path = place + "." + attributes.type();
            byte[] octets = attributes.octets();
            if (NESTS.contains(path)) {
                values.put(attributes.type(), canonical(attributes.nest(), path));
            } else if (!isZero(octets)) {
                values.put(attributes.type(), HexFormat.of().formatHex(octets));
            }
        }
        return values.toString();
    }

    private static boolean isZero(byte[] octets) {
        int all = 0;
        for (byte octet : octets) {
            all |= octet;
        }
        return all == 0;
    }
}
