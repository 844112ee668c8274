package io.onlink.membership;

/** A member's advertisement that breaks the message's rules; the message says which. */
public final class MalformedAdvertisementException extends IllegalArgumentException {
    MalformedAdvertisementException(String reason) {
        super(reason, null);
    }
}
