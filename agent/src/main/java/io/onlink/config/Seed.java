package io.onlink.config;

import io.onlink.inet.Ipv4;
import java.util.Optional;

/**
 * A node to join the mesh through.
 *
 * @param host an IPv4 address or a DNS name (RFC 1123 section 2.1), not resolved
 * @param port where it takes gossip, 1 to 65535
 */
public record Seed(String host, int port) {
    /** Port of a seed that names none. */
    public static final int DEFAULT_PORT = 5114;

    private static final int MAX_NAME_LENGTH = 253;
    private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

    public Seed {
        if (Notation.looksNumeric(host)) {
            Ipv4 address = Ipv4.parse(host);
            if (!address.isUnicast() && !address.isLoopback()) {
                throw new IllegalArgumentException(host + " is no address a node can have");
            }
        } else if (host.length() > MAX_NAME_LENGTH || !host.matches(LABEL + "(\\." + LABEL + ")*\\.?")) {
            throw new IllegalArgumentException("'" + host + "' is neither an IPv4 address nor a DNS name");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not 1 to 65535");
        }
    }

    /**
     * Reads {@code host} or {@code host:port}.
     *
     * @throws IllegalArgumentException with a message that says what is wrong
     */
    public static Seed parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return new Seed(text, DEFAULT_PORT);
        }
        if (text.indexOf(':', colon + 1) >= 0) {
            throw new IllegalArgumentException("'" + text + "' is not host:port; IPv6 is not supported");
        }
        return new Seed(text.substring(0, colon), Notation.port(text.substring(colon + 1)));
    }

    /** The address, if the seed is given as one and not as a name. */
    public Optional<Ipv4> address() {
        return Notation.looksNumeric(host) ? Optional.of(Ipv4.parse(host)) : Optional.empty();
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
