package io.onlink.seal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One run of an agent among the others of its mesh: opens sessions, seals and opens packets.
 *
 * <p>A opens a session with B by HELLO, to which B answers CHALLENGE and remembers nothing; A then has B's session, for
 * only B could answer just this, and B has A's by CONFIRM, which brings back the cookie of the CHALLENGE. A packet
 * captured anywhere opens nowhere again: inside the session the window knows it, outside there is no session, a later
 * run of the receiver has another key. At worst it makes us ask who made it to confirm, at a limited rate.
 */
public final class Sessions {
    /** Most sessions; the one not used for longest goes first. */
    public static final int MAX_SESSIONS = 16_384;

    private static final int CONFIRM_TEXT = 10;

    /**
     * Which run this is.
     *
     * @param boot its boot id, not 0
     * @param address where others are told to find it
     * @param anywhere whether packets may be addressed to it by any other address too
     */
    public record Self(long boot, InetSocketAddress address, boolean anywhere) {}

    private final Self self;
    private final Outlet outlet;
    private final Envelope envelope = new Envelope();
    private final Cookies cookies;
    private final Greeting.Place place;
    private final Limiter limiter;
    private final Map<Long, Session> sessions = bounded(MAX_SESSIONS);
    private final Map<Long, Long> greeted = bounded(MAX_SESSIONS);
    private final Map<InetAddress, Long> met = bounded(MAX_SESSIONS);
    private final Handshakes handshakes = new Handshakes();
    private Keyring keyring;
    private long sequence;

    public Sessions(Self self, Keyring keyring, Outlet outlet, SecureRandom random, long now) {
        this.self = self;
        this.keyring = keyring;
        this.outlet = outlet;
        this.cookies = new Cookies(random);
        this.place = new Greeting.Place(self);
        this.limiter = new Limiter(random.nextInt(), now);
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** Seals and opens with these keys from now on. Sessions go on: their windows do not depend on the key. */
    public void keyring(Keyring now) {
        keyring = now;
        sessions.values().forEach(session -> session.keep(now));
    }

    /** Whether a session was ever open with somebody at this address. Allocates nothing. */
    public boolean met(InetAddress address) {
        return met.containsKey(address);
    }

    /** Calls {@code waiting} with the session of this run at this address, 0 for whichever is there: at once, or soon. */
    public void reach(InetSocketAddress address, long boot, long now, Waiting waiting) {
        Session session = boot == 0 ? null : sessions.get(boot);
        if (session != null) {
            session.address = address;
            waiting.up(session);
            return;
        }
        Handshake.Whom whom = new Handshake.Whom(address, boot);
        Handshake handshake = handshakes.with(whom);
        if (handshake == null && !handshakes.isFull()) {
            handshake = handshakes.begin(whom, now);
            hello(handshake, now);
        }
        if (handshake == null || handshake.waiting.size() >= Handshake.MAX_WAITING) {
            waiting.lost("too much waits for an answer already");
        } else {
            handshake.waiting.add(waiting);
        }
    }

    private void hello(Handshake handshake, long now) {
        byte[] text = Greeting.of(self, handshake.whom.address());
        Key key = keyring.sealing();
        outlet.datagram(
                handshake.whom.address(),
                envelope.seal(header(Envelope.Type.HELLO, key, 0), key.pair(self.boot, 0), text));
        handshakes.ask(handshake, sequence, now);
    }

    /** When {@link #tick} is due; only of meaning while {@link #busy}. */
    public long deadline() {
        return handshakes.deadline();
    }

    /** Whether an answer is waited for. */
    public boolean busy() {
        return !handshakes.isEmpty();
    }

    /** Asks again, and gives up where nobody has answered in time. */
    public void tick(long now) {
        for (Handshake handshake : handshakes.all()) {
            if (now - handshake.begun >= Handshake.LIMIT_NANOS) {
                handshakes.end(handshake).forEach(waiting -> waiting.lost("nobody answers there"));
            } else if (now - handshake.due >= 0) {
                hello(handshake, now);
            }
        }
    }

    /** Seals a text and sends it as a datagram. */
    public void send(Session session, byte[] text, long now) {
        byte[] packet = seal(session, text);
        if (!session.proven) {
            session.remember(new Session.Sent(sequence, text, now));
        }
        outlet.datagram(session.address, packet);
    }

    /** Seals a text for a stream. */
    public byte[] seal(Session session, byte[] text) {
        return seal(session, Envelope.Type.MESSAGE, text);
    }

    /** What a stream begins with: it opens the session at the other end, should it not be there yet. */
    public byte[] opener(Session session) {
        byte[] text = ByteBuffer.allocate(CONFIRM_TEXT)
                .putLong(session.cookie)
                .putShort((short) self.address.getPort())
                .array();
        return seal(session, Envelope.Type.CONFIRM, text);
    }

    private byte[] seal(Session session, Envelope.Type type, byte[] text) {
        Key key = keyring.sealing();
        return envelope.seal(header(type, key, session.boot()), session.sealing(key, self.boot), text);
    }

    private Envelope.Header header(Envelope.Type type, Key key, long to) {
        return new Envelope.Header(type, key, self.boot, to, ++sequence);
    }

    /** Takes a datagram in; its mac field is lost. A stranger's allocates nothing and is not answered. */
    public void datagram(byte[] packet, int length, InetSocketAddress source, long now) {
        Key key = maker(packet, length, source);
        if (key != null) {
            Session unused = take(new Arrival(packet, length, source, false, key, now));
        }
    }

    /** Takes a frame of a stream in; returns whose it was, or null if the stream is to be closed. */
    public @Nullable Session frame(byte[] packet, InetSocketAddress source, long now) {
        Key key = maker(packet, packet.length, source);
        return key == null ? null : take(new Arrival(packet, packet.length, source, true, key, now));
    }

    /** The key of ours with which the packet was made, or null after refusing it. */
    private @Nullable Key maker(byte[] packet, int length, InetSocketAddress source) {
        if (length < Envelope.OVERHEAD) {
            outlet.refused(PacketRefusal.SIZE, source, 0);
            return null;
        }
        Envelope.Type type = Envelope.type(packet);
        if (type == null) {
            outlet.refused(PacketRefusal.TYPE, source, 0);
            return null;
        }
        long to = type == Envelope.Type.HELLO ? 0 : self.boot;
        Key key = keyring.find(Envelope.keyId(packet));
        if (key == null) {
            outlet.refused(PacketRefusal.UNKNOWN_KEY, source, Envelope.keyId(packet));
        } else if (!Envelope.authentic(packet, length, key, to)) {
            outlet.refused(PacketRefusal.MAC, source, 0);
            return null;
        }
        return key;
    }

    private @Nullable Session take(Arrival arrival) {
        Session known = sessions.get(arrival.from());
        boolean again = known != null && !known.window.fresh(arrival.sequence());
        if (again || arrival.sequence() <= 0 || arrival.from() == self.boot) {
            return refuse(PacketRefusal.REPLAY, arrival);
        }
        // One packet far ahead would shut the window for all that its sender really has to say: who sends it is asked
        // for a session again, which shows that somebody is there, and what came before it stays refused.
        Session session = known != null && known.window.near(arrival.sequence()) ? known : null;
        Envelope.Type type = arrival.type();
        PacketRefusal idle = idle(session, arrival);
        if (idle != null) {
            return refuse(idle, arrival);
        }
        boolean costly = session == null || type == Envelope.Type.HELLO;
        if (costly && !limiter.allow(arrival.source().getAddress(), type, arrival.now())) {
            return refuse(PacketRefusal.RATE, arrival);
        }
        byte[] text = envelope.open(pair(session, type, arrival), arrival.packet(), arrival.length());
        if (text == null) {
            return refuse(PacketRefusal.NOT_FOR_US, arrival);
        }
        if (type == Envelope.Type.HELLO) {
            return hello(session, arrival);
        }
        if (session != null) {
            session.window.take(arrival.sequence());
        }
        if (type == Envelope.Type.CHALLENGE) {
            return challenge(session, text, arrival);
        }
        return type == Envelope.Type.CONFIRM ? confirm(session, text, arrival) : message(session, text, arrival);
    }

    /** Why a step of opening a session, most likely captured, leads nowhere, told without a key: it takes no turn. */
    private @Nullable PacketRefusal idle(@Nullable Session session, Arrival arrival) {
        if (arrival.type() == Envelope.Type.CHALLENGE) {
            boolean asked = !handshakes.isEmpty() || sessions.containsKey(arrival.from());
            return asked ? null : PacketRefusal.STALE;
        }
        if (arrival.type() != Envelope.Type.HELLO) {
            return null;
        }
        if (arrival.stream() || !Greeting.isFor(place, arrival.packet(), arrival.length())) {
            return PacketRefusal.NOT_FOR_US;
        }
        boolean again = session == null && greeted.getOrDefault(arrival.from(), 0L) >= arrival.sequence();
        return again || !Greeting.isFrom(arrival.source().getAddress(), arrival.packet()) ? PacketRefusal.REPLAY : null;
    }

    private SecretKeySpec pair(@Nullable Session session, Envelope.Type type, Arrival arrival) {
        if (type == Envelope.Type.HELLO) {
            return arrival.key().pair(arrival.from(), 0);
        }
        return session == null
                ? arrival.key().pair(arrival.from(), self.boot)
                : session.opening(arrival.key(), self.boot);
    }

    /** Answers who asks for us, once for each question, and only from where it says that it asks. */
    private @Nullable Session hello(@Nullable Session session, Arrival arrival) {
        if (session != null) {
            session.window.take(arrival.sequence());
        }
        greeted.put(arrival.from(), arrival.sequence());
        challengeBack(arrival, arrival.source());
        return null;
    }

    /** Asks the sender of a packet to show that it is there now. Nothing is remembered of it. */
    private void challengeBack(Arrival arrival, InetSocketAddress to) {
        long cookie = cookies.make(arrival.from(), to.getAddress(), arrival.now());
        Key key = keyring.sealing();
        outlet.datagram(
                to,
                envelope.seal(
                        header(Envelope.Type.CHALLENGE, key, arrival.from()),
                        key.pair(self.boot, arrival.from()),
                        Envelope.pair(arrival.sequence(), cookie)));
    }

    private @Nullable Session challenge(@Nullable Session known, byte[] text, Arrival arrival) {
        if (arrival.stream() || text.length != 2 * Long.BYTES) {
            return refuse(PacketRefusal.CONTENT, arrival);
        }
        long echo = ByteBuffer.wrap(text).getLong();
        Handshake handshake = handshakes.asked(echo);
        if (handshake == null && (known == null || echo <= known.confirmed)) {
            return known == null ? estranged(echo, arrival) : refuse(PacketRefusal.STALE, arrival);
        }
        Session session = known == null ? admit(arrival) : known;
        if (handshake != null) {
            session.address = handshake.whom.address();
        }
        session.cookie = ByteBuffer.wrap(text).getLong(Long.BYTES);
        outlet.datagram(session.address, opener(session));
        session.confirmed = sequence;
        again(session, known == null ? 0 : echo, arrival.now());
        if (handshake != null) {
            boolean wanted = handshake.whom.boot() == 0 || handshake.whom.boot() == session.boot();
            for (Waiting waiting : handshakes.end(handshake)) {
                if (wanted) {
                    waiting.up(session);
                } else {
                    waiting.lost("another run is there now");
                }
            }
        }
        return session;
    }

    /**
     * Each of us has numbered so much for others that it is far ahead of what the other has of it. Whether this answer is
     * from now cannot be told, so it does not move the window; a question of ours brings an answer of which it can.
     */
    private @Nullable Session estranged(long echo, Arrival arrival) {
        Session stale = sessions.get(arrival.from());
        if (stale == null || echo <= stale.confirmed || echo > sequence) {
            return refuse(PacketRefusal.STALE, arrival);
        }
        Handshake.Whom whom = new Handshake.Whom(stale.address, stale.boot());
        if (handshakes.with(whom) == null && !handshakes.isFull()) {
            stale.proven = false;
            hello(handshakes.begin(whom, arrival.now()), arrival.now());
            stale.confirmed = sequence;
        }
        return refuse(PacketRefusal.NO_SESSION, arrival);
    }

    /** Sends what the other has asked about again, and what went out after it. */
    private void again(Session session, long echo, long now) {
        List<Session.Sent> dropped = session.unproven.stream()
                .filter(sent -> sent.sequence() >= echo && now - sent.at() <= Session.UNPROVEN_NANOS)
                .toList();
        session.unproven.clear();
        dropped.forEach(sent -> send(session, sent.text(), now));
    }

    private @Nullable Session confirm(@Nullable Session known, byte[] text, Arrival arrival) {
        if (text.length != CONFIRM_TEXT) {
            return refuse(PacketRefusal.CONTENT, arrival);
        }
        ByteBuffer fields = ByteBuffer.wrap(text);
        long cookie = fields.getLong();
        int port = fields.getShort() & 0xffff;
        if (known == null
                && !cookies.good(cookie, arrival.from(), arrival.source().getAddress(), arrival.now())) {
            Session stale = sessions.get(arrival.from());
            if (stale != null && arrival.stream()) {
                challengeBack(arrival, stale.address); // by a stream alone it would never learn that it is far ahead
            }
            return refuse(PacketRefusal.STALE, arrival);
        }
        Session session = known == null ? admit(arrival) : known;
        if (known == null && arrival.stream()) {
            session.address = new InetSocketAddress(arrival.source().getAddress(), port);
        }
        if (known == null) {
            again(session, 0, arrival.now());
        }
        session.prove();
        return session;
    }

    private @Nullable Session message(@Nullable Session session, byte[] text, Arrival arrival) {
        if (session == null) {
            if (!arrival.stream()) {
                challengeBack(arrival, arrival.source());
            }
            return refuse(PacketRefusal.NO_SESSION, arrival);
        }
        if (!arrival.stream()) {
            session.address = arrival.source();
        }
        session.prove();
        outlet.message(session, text);
        return session;
    }

    private Session admit(Arrival arrival) {
        Session session = new Session(arrival.from(), arrival.sequence(), arrival.source());
        Session former = sessions.put(arrival.from(), session);
        if (former != null) {
            session.unproven.addAll(former.unproven);
        }
        greeted.remove(arrival.from());
        met.put(arrival.source().getAddress(), arrival.from());
        outlet.opened(session);
        return session;
    }

    private @Nullable Session refuse(PacketRefusal why, Arrival arrival) {
        outlet.refused(why, arrival.source(), 0);
        return null;
    }
}
