package io.onlink.grant;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A grant's bytes, which are also what is signed: version 1, length and text of the name, count and addresses of node
 * IPs, count and prefixes (address, length) of subnets; one octet for each count and length. One grant has one form.
 */
final class GrantCodec {
    private static final int VERSION = 1;

    private GrantCodec() {}

    static byte[] encode(Grant grant) {
        byte[] name = grant.node().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(4
                + name.length
                + 4 * grant.nodeIps().size()
                + 5 * grant.subnets().size());
        bytes.put((byte) VERSION).put((byte) name.length).put(name);
        bytes.put((byte) grant.nodeIps().size());
        grant.nodeIps().forEach(ip -> bytes.putInt(ip.bits()));
        bytes.put((byte) grant.subnets().size());
        grant.subnets().forEach(subnet -> bytes.putInt(subnet.base().bits()).put((byte) subnet.length()));
        return bytes.array();
    }

    /**
     * The grant in the bytes.
     *
     * @throws IllegalArgumentException with the reason, if they are not just what {@link #encode} gives
     */
    static Grant decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Grant grant;
        try {
            int version = octet(in);
            if (version != VERSION) {
                throw new IllegalArgumentException("it has version " + version + ", and this agent knows " + VERSION);
            }
            byte[] name = new byte[octet(in)];
            in.get(name);
            List<Ipv4> nodeIps = new ArrayList<>();
            for (int left = octet(in); left > 0; left--) {
                nodeIps.add(new Ipv4(in.getInt()));
            }
            List<Ipv4Prefix> subnets = new ArrayList<>();
            for (int left = octet(in); left > 0; left--) {
                subnets.add(new Ipv4Prefix(new Ipv4(in.getInt()), octet(in)));
            }
            grant = new Grant(new String(name, StandardCharsets.US_ASCII), nodeIps, subnets);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends too soon", e);
        }
        if (!Arrays.equals(bytes, encode(grant))) {
            throw new IllegalArgumentException("it is not in the one form a grant has");
        }
        return grant;
    }

    private static int octet(ByteBuffer in) {
        return Byte.toUnsignedInt(in.get());
    }
}
