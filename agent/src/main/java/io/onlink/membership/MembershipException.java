package io.onlink.membership;

/** Membership cannot start; the message names what, where and what to do. */
public final class MembershipException extends Exception {
    MembershipException(String message, Throwable cause) {
        super(message, cause);
    }
}
