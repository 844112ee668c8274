package io.onlink.lab;

import io.onlink.inet.Ipv4;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** IPv4 packets octet by octet (RFC 791, RFC 2003). */
final class Packets {
    static final int PORT = 7777;
    static final int IPIP = 4;

    private static final int UDP = 17;
    private static final int HEADER = 20;
    private static final int MORE_FRAGMENTS = 0x2000;

    /** Four octets of options: all no-operation (RFC 791 section 3.1). */
    private static final byte[] NOTHING = {1, 1, 1, 1};

    private Packets() {}

    /** A datagram to {@link #PORT} that says something, without a checksum. */
    static byte[] udp(String source, String destination, String says) {
        byte[] text = says.getBytes(StandardCharsets.UTF_8);
        ByteBuffer datagram = ByteBuffer.allocate(8 + text.length);
        datagram.putShort((short) PORT).putShort((short) PORT).putShort((short) (8 + text.length));
        datagram.putShort((short) 0).put(text);
        return ip(source, destination, UDP, 0, new byte[0], datagram.array());
    }

    /** The packet in another. */
    static byte[] in(String source, String destination, byte[] packet) {
        return ip(source, destination, IPIP, 0, new byte[0], packet);
    }

    /** The packet in another whose header has options. */
    static byte[] inWithOptions(String source, String destination, byte[] packet) {
        return ip(source, destination, IPIP, 0, NOTHING, packet);
    }

    /** A packet in so many others, all but the outermost of one source and destination. */
    static byte[] nested(int headers, String source, String destination, byte[] packet) {
        byte[] whole = packet;
        for (int i = 0; i < headers; i++) {
            whole = in(source, destination, whole);
        }
        return whole;
    }

    /** The packet in another, in two fragments of which the first carries so many octets, a multiple of eight. */
    static List<byte[]> inFragments(String source, String destination, int first, byte[] packet) {
        return List.of(
                ip(source, destination, IPIP, MORE_FRAGMENTS, new byte[0], Arrays.copyOf(packet, first)),
                laterFragment(source, destination, first, packet));
    }

    /** The second of the two alone. */
    static byte[] laterFragment(String source, String destination, int first, byte[] packet) {
        byte[] rest = Arrays.copyOfRange(packet, first, packet.length);
        return ip(source, destination, IPIP, first / 8, new byte[0], rest);
    }

    private static byte[] ip(
            String source, String destination, int protocol, int fragment, byte[] options, byte[] payload) {
        int header = HEADER + options.length;
        ByteBuffer packet = ByteBuffer.allocate(header + payload.length);
        packet.put((byte) (0x40 | header / 4)).put((byte) 0).putShort((short) (header + payload.length));
        packet.putShort((short) 0x1140).putShort((short) fragment);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
        packet.putInt(Ipv4.parse(source).bits()).putInt(Ipv4.parse(destination).bits());
        packet.put(options).put(payload);
        int sum = 0;
        for (int i = 0; i < header; i += 2) {
            sum += Short.toUnsignedInt(packet.getShort(i));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        packet.putShort(10, (short) ~((sum & 0xffff) + (sum >>> 16)));
        return packet.array();
    }
}
