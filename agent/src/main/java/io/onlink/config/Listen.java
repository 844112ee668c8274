package io.onlink.config;

import io.onlink.inet.Ipv4;

/**
 * A place to listen at.
 *
 * @param address an address of this host, or 0.0.0.0 for all
 * @param port 1 to 65535
 */
public record Listen(Ipv4 address, int port) {
    static Listen parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither address:port, such as 127.0.0.1:5115, nor off");
        }
        return new Listen(Notation.listenAddress(text.substring(0, colon)), Notation.port(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return address + ":" + port;
    }
}
