package io.onlink.seal;

import java.util.Locale;

/** Why a packet was thrown away, in the order in which it is looked at. */
public enum PacketRefusal {
    /** Shorter than an empty packet, or longer than one may be. */
    SIZE,
    /** Of another version of this protocol, or of none. */
    TYPE,
    /** Sealed with a key that is not in our keyring. */
    UNKNOWN_KEY,
    /** Damaged, made without the key its id names, or meant for another run. */
    MAC,
    /** Seen before, too old to tell, or one of our own. */
    REPLAY,
    /** More packets that need an answer or a derived key than one source may send. */
    RATE,
    /** A question for another node. */
    NOT_FOR_US,
    /** Sealed by a member with whom no session is open; it was asked to open one. */
    NO_SESSION,
    /** A step of opening a session that fits nothing we have asked. */
    STALE,
    /** Sealed well, but what is in it cannot be read. */
    CONTENT,
    /** A connection that did not authenticate in time, or one too many. */
    CONNECTION;

    /** The metric's label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
