package io.onlink.netlink;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One step of a rule of ours, as nf_tables knows them ({@code netfilter/nf_tables.h}); {@code toString} is how
 * {@code nft --debug=netlink} shows it.
 */
sealed interface NftExpression {
    /** The kernel's name of it. */
    String name();

    /** Writes the attributes of it. */
    void write(MessageWriter message);

    /** Loads the name of the link a packet came in by. */
    record InputLink() implements NftExpression {
        @Override
        public String name() {
            return "meta";
        }

        @Override
        public void write(MessageWriter message) {
            message.network(2, NftUapi.NFT_META_IIFNAME).network(1, NftUapi.NFT_REG_1);
        }

        @Override
        public String toString() {
            return "meta load iifname => reg 1";
        }
    }

    /** Loads so many octets of the IPv4 header, or of what follows it, into a register. */
    record Load(int offset, int length, int register) implements NftExpression {
        @Override
        public String name() {
            return "payload";
        }

        @Override
        public void write(MessageWriter message) {
            message.network(1, register)
                    .network(2, NftUapi.NFT_PAYLOAD_NETWORK_HEADER)
                    .network(3, offset)
                    .network(4, length);
        }

        @Override
        public String toString() {
            return "payload load " + length + "b @ network header + " + offset + " => reg " + register;
        }
    }

    /** Keeps these bits of the one octet in the first register. */
    record Mask(int bits) implements NftExpression {
        @Override
        public String name() {
            return "bitwise";
        }

        @Override
        public void write(MessageWriter message) {
            message.network(1, NftUapi.NFT_REG_1)
                    .network(2, NftUapi.NFT_REG_1)
                    .network(3, 1)
                    .nest(4, mask -> mask.octets(NftUapi.NFTA_DATA_VALUE, new byte[] {(byte) bits}))
                    .nest(5, xor -> xor.octets(NftUapi.NFTA_DATA_VALUE, new byte[1]));
        }

        @Override
        public String toString() {
            return "bitwise reg 1 = ( reg 1 & 0x" + Integer.toHexString(bits) + " ) ^ 0";
        }
    }

    /** How to compare ({@code enum nft_cmp_ops}). */
    enum Comparison {
        EQ(0),
        NEQ(1);

        private final int code;

        Comparison(int code) {
            this.code = code;
        }
    }

    /** Goes on only if the first register compares so with the octets, which are in hexadecimal. */
    record Compare(Comparison how, String octets) implements NftExpression {
        static Compare octet(Comparison how, int value) {
            return new Compare(how, HexFormat.of().toHexDigits((byte) value));
        }

        /** With a link's name, zeros after it. */
        static Compare link(Comparison how, String name) {
            byte[] padded = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), Uapi.IFNAMSIZ);
            return new Compare(how, HexFormat.of().formatHex(padded));
        }

        @Override
        public String name() {
            return "cmp";
        }

        @Override
        public void write(MessageWriter message) {
            byte[] value = HexFormat.of().parseHex(octets);
            message.network(1, NftUapi.NFT_REG_1)
                    .network(2, how.code)
                    .nest(3, data -> data.octets(NftUapi.NFTA_DATA_VALUE, value));
        }

        @Override
        public String toString() {
            return "cmp " + how + " reg 1 0x" + octets;
        }
    }

    /** Goes on only if what is in the first registers is in the set. */
    record Lookup(String set) implements NftExpression {
        @Override
        public String name() {
            return "lookup";
        }

        @Override
        public void write(MessageWriter message) {
            message.text(1, set).network(2, NftUapi.NFT_REG_1);
        }

        @Override
        public String toString() {
            return "lookup reg 1 set " + set;
        }
    }

    /** Adds what is in the first registers to the set, or renews it there; a set that is full ends the rule. */
    record Remember(String set) implements NftExpression {
        @Override
        public String name() {
            return "dynset";
        }

        @Override
        public void write(MessageWriter message) {
            message.text(1, set).network(3, NftUapi.NFT_DYNSET_OP_UPDATE).network(4, NftUapi.NFT_REG_1);
        }

        @Override
        public String toString() {
            return "dynset update reg_key 1 set " + set;
        }
    }

    /** Counts with a counter that has a name. */
    record Count(String counter) implements NftExpression {
        @Override
        public String name() {
            return "objref";
        }

        @Override
        public void write(MessageWriter message) {
            message.network(1, NftUapi.NFT_OBJECT_COUNTER).text(2, counter);
        }

        @Override
        public String toString() {
            return "objref type 1 name " + counter;
        }
    }

    /** Ends the chain: accepts or drops. */
    record Verdict(boolean accept) implements NftExpression {
        @Override
        public String name() {
            return "immediate";
        }

        @Override
        public void write(MessageWriter message) {
            int code = accept ? NftUapi.NF_ACCEPT : NftUapi.NF_DROP;
            message.network(1, NftUapi.NFT_REG_VERDICT)
                    .nest(
                            2,
                            data -> data.nest(
                                    NftUapi.NFTA_DATA_VERDICT, v -> v.network(NftUapi.NFTA_VERDICT_CODE, code)));
        }

        @Override
        public String toString() {
            return "immediate reg 0 " + (accept ? "accept" : "drop");
        }
    }
}
