package io.onlink.membership;

/** Bytes that are no message of the membership protocol, with the reason. Without stack trace: it may come often. */
final class MalformedGossipException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedGossipException(String reason) {
        super(reason, null, false, false);
    }
}
