package io.onlink.netlink;

import io.onlink.inet.Ipv4;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IPv4 packets made by hand, and raw sockets of the calling thread's namespace for them. Checksums are right. */
final class Packets implements AutoCloseable {
    static final int IPIP = 4;
    static final int UDP = 17;
    private static final int HEADER = 20;
    private static final int ETHERNET = 14;
    private static final int AF_PACKET = 17;
    private static final int IPPROTO_RAW = 255;
    private static final int ROOM = 4096;

    private final int raw;
    private final int ipip;
    private final int wire;
    private final LibC.Block block = new LibC.Block(ROOM);

    /** Sends to this host as others would, hears what of protocol 4 is let in, and puts packets on a link's wire. */
    Packets(String link) throws Exception {
        raw = check(LibC.socket(Uapi.AF_INET, Uapi.SOCK_RAW, IPPROTO_RAW));
        ipip = check(LibC.socket(Uapi.AF_INET, Uapi.SOCK_RAW, IPIP));
        wire = check(LibC.socket(AF_PACKET, Uapi.SOCK_RAW, 0));
        Matcher index = Pattern.compile("^([0-9]+):").matcher(Namespace.run("ip -o link show " + link));
        if (!index.find()) {
            throw new IllegalStateException("no index of " + link);
        }
        LibC.Block address = new LibC.Block(20);
        address.buffer.putShort(0, (short) AF_PACKET).putInt(4, Integer.parseInt(index.group(1)));
        address.buffer.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) 0x0800);
        check(LibC.bind(wire, address, 20));
    }

    private static int check(int result) {
        if (result < 0) {
            throw new IllegalStateException("errno " + -result);
        }
        return result;
    }

    /** A packet with a payload. */
    static byte[] packet(String from, String to, int protocol, byte[] payload) {
        return packet(from, to, protocol, payload, new byte[0], 0);
    }

    /** A packet with options, and flags and offset of a fragment. */
    static byte[] packet(String from, String to, int protocol, byte[] payload, byte[] options, int fragment) {
        int header = HEADER + options.length;
        ByteBuffer packet = ByteBuffer.allocate(header + payload.length);
        packet.put((byte) (0x40 | (header / 4))).put((byte) 0).putShort((short) packet.capacity());
        packet.putShort((short) 4711).putShort((short) fragment).put((byte) 64).put((byte) protocol);
        packet.putShort((short) 0)
                .putInt(Ipv4.parse(from).bits())
                .putInt(Ipv4.parse(to).bits());
        packet.put(options).put(payload);
        int sum = 0;
        for (int i = 0; i < header; i += 2) {
            sum += packet.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        packet.putShort(10, (short) ~((sum & 0xffff) + (sum >>> 16)));
        return packet.array();
    }

    /** Sends to an address of this host, by the loopback link, from wherever the packet says. */
    void send(byte[] packet) {
        LibC.Block to = new LibC.Block(16);
        to.buffer.putShort(0, (short) Uapi.AF_INET);
        for (int i = 0; i < 4; i++) {
            to.buffer.put(4 + i, packet[16 + i]);
        }
        check(LibC.connect(raw, to, 16));
        put(packet, 0);
        check(LibC.send(raw, block, packet.length));
    }

    /** What of protocol 4 was let in, without its outer header; null if nothing is waiting. */
    byte @org.jspecify.annotations.Nullable [] received() {
        int length = LibC.receive(ipip, block, Uapi.MSG_DONTWAIT);
        if (length < 0) {
            return null;
        }
        int header = (block.buffer.get(0) & 0xf) * 4;
        byte[] inner = new byte[length - header];
        for (int i = 0; i < inner.length; i++) {
            inner[i] = block.buffer.get(header + i);
        }
        return inner;
    }

    /** Puts a packet on the wire, to whoever is at its other end. */
    void inject(byte[] packet) {
        for (int i = 0; i < 12; i++) {
            block.buffer.put(i, (byte) (i < 6 ? 0xff : 0x02));
        }
        block.buffer.put(12, (byte) 8).put(13, (byte) 0);
        put(packet, ETHERNET);
        check(LibC.send(wire, block, ETHERNET + packet.length));
    }

    private void put(byte[] octets, int at) {
        for (int i = 0; i < octets.length; i++) {
            block.buffer.put(at + i, octets[i]);
        }
    }

    @Override
    public void close() {
        LibC.close(raw);
        LibC.close(ipip);
        LibC.close(wire);
    }
}
