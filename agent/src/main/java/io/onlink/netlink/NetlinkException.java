package io.onlink.netlink;

/** Octets that are not the netlink message they should be: too short, too long, or a value out of range. */
public final class NetlinkException extends Exception {
    private static final long serialVersionUID = 1L;

    NetlinkException(String message) {
        super(message);
    }
}
