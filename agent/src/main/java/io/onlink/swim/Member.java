package io.onlink.swim;

import java.util.List;

/**
 * What one node says of one member; also the form in which it travels.
 *
 * @param contact where it is and its boot id, never 0
 * @param incarnation order of what is said of one boot, 0 to {@value #MAX_INCARNATION}; only the member itself raises it
 * @param state what is said of it
 * @param payload what it says of itself, opaque, at most {@value #MAX_PAYLOAD} bytes; empty in a brief form
 * @param proof of one that has left its token, else its pledge to that token; empty in a brief form
 * @param accusers who found a suspect silent, at most {@value #MAX_ACCUSERS}
 */
public record Member(Contact contact, long incarnation, State state, Bytes payload, Bytes proof, List<Long> accusers) {
    /** Longest payload, in bytes. */
    public static final int MAX_PAYLOAD = 1024;

    /** Highest incarnation: so far away that lies, each good for one small step, do not reach it. */
    public static final long MAX_INCARNATION = 1L << 48;

    /** Most accusers that are named. */
    public static final int MAX_ACCUSERS = 4;

    /** Upper bound of a member's encoded fields without its payload, proof and accusers, in bytes. */
    private static final int FIELDS = 40;

    public Member {
        if (contact.boot() == 0 || contact.port() < 1 || contact.port() > 65535) {
            throw new IllegalArgumentException("no member is at " + contact);
        }
        if (incarnation < 0 || incarnation > MAX_INCARNATION) {
            throw new IllegalArgumentException("incarnation " + incarnation + " is not 0 to " + MAX_INCARNATION);
        }
        if (payload.size() > MAX_PAYLOAD || accusers.size() > MAX_ACCUSERS) {
            throw new IllegalArgumentException(payload + " or " + accusers.size() + " accusers are too many");
        }
        boolean provable = proof.size() == Bytes.TOKEN_LENGTH;
        boolean brief = proof.size() == 0 && payload.size() == 0 && (state == State.SUSPECT || state == State.DEAD);
        if (!provable && !brief) {
            throw new IllegalArgumentException("a proof of " + proof + " for a member " + state);
        }
        accusers = List.copyOf(accusers);
    }

    /** Its boot id. */
    public long boot() {
        return contact.boot();
    }

    /** Whether the payload and the proof are left out, for those who have them. */
    boolean brief() {
        return proof.size() == 0;
    }

    Member as(State other, List<Long> by) {
        return new Member(contact, incarnation, other, payload, proof, by);
    }

    /** The form in which it is passed on: an accusation needs no payload. */
    Member rumour() {
        return state == State.SUSPECT || state == State.DEAD
                ? new Member(contact, incarnation, state, Bytes.EMPTY, Bytes.EMPTY, accusers)
                : this;
    }

    /** The form for one who may know nothing of it. */
    Member whole() {
        return state == State.DEAD ? rumour() : this;
    }

    /** What two nodes that hold the same of a present member have in common; suspicion, being passing, left out. */
    long fingerprint() {
        long place = (long) contact.ip().bits() << 16 ^ contact.port();
        long said = Mix.of(incarnation ^ Mix.of(payload.hash() ^ Mix.of(proof.hash())));
        return Mix.of(contact.boot() ^ Mix.of(place ^ said));
    }

    /** Upper bound of its encoded size, in bytes. */
    int size() {
        return FIELDS + payload.size() + proof.size() + 8 * accusers.size();
    }
}
