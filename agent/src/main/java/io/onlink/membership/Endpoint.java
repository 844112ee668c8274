package io.onlink.membership;

import io.atomix.utils.net.Address;
import io.onlink.inet.Ipv4;
import io.onlink.swim.Contact;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a member gossips, and which run of its agent is meant.
 *
 * <p>Atomix knows a member by a host text and a port. The text carries the boot id too, because a restarted agent sits
 * at the address of its former self: without it the new run would answer the probes for the old one, which would never
 * be found dead.
 *
 * @param boot the run that is meant, or 0 for whichever is there
 */
record Endpoint(Ipv4 ip, int port, long boot) {
    static Endpoint of(Contact contact) {
        return new Endpoint(contact.ip(), contact.port(), contact.boot());
    }

    Contact contact() {
        return new Contact(ip, port, boot);
    }

    /** The form Atomix carries: {@code 172.16.165.33~00c0ffee00c0ffee}. */
    Address address() {
        return Address.from(boot == 0 ? ip.toString() : ip + "~" + Boots.text(boot), port);
    }

    /** Reads that form; null if it is anything else, or no address a datagram may be sent to. */
    static @Nullable Endpoint of(@Nullable Address address) {
        String host = address == null ? null : address.host();
        if (address == null || host == null || host.length() > 32 || address.port() < 1 || address.port() > 65535) {
            return null;
        }
        int tilde = host.indexOf('~');
        try {
            Ipv4 ip = Ipv4.parse(tilde < 0 ? host : host.substring(0, tilde));
            long boot = tilde < 0 ? 0 : boot(host.substring(tilde + 1));
            return ip.isUnicast() || ip.isLoopback() ? new Endpoint(ip, address.port(), boot) : null;
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    /** Where a packet came from, an IPv4 address, and which run sent it. */
    static Endpoint of(InetSocketAddress from, long boot) {
        byte[] octets = from.getAddress().getAddress();
        return new Endpoint(new Ipv4(ByteBuffer.wrap(octets).getInt()), from.getPort(), boot);
    }

    private static long boot(String text) {
        if (!text.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("a boot id has 16 hexadecimal digits");
        }
        return Long.parseUnsignedLong(text, 16);
    }

    /** The same place, whichever run is there. */
    Endpoint anyBoot() {
        return new Endpoint(ip, port, 0);
    }

    InetSocketAddress socket() {
        return socket(ip, port);
    }

    /** A socket address without any look-up of names. */
    static InetSocketAddress socket(Ipv4 ip, int port) {
        int bits = ip.bits();
        byte[] octets = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("four octets are an address", e);
        }
    }
}
