package io.onlink.membership;

/** Bytes from the network that are no frame of ours. Without stack trace: anyone can cause them, often. */
final class MalformedFrameException extends Exception {
    MalformedFrameException(String message) {
        super(message, null, false, false);
    }
}
