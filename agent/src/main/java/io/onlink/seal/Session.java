package io.onlink.seal;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;

/** What one run of our agent holds of one run of another with which it has shaken hands. */
public final class Session {
    /** Most packets kept until the other shows that it has the session too, and for how long. */
    static final int MAX_UNPROVEN = 32;

    static final long UNPROVEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A text sent before the other was known to have the session, which may have to be sent again. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sent(long sequence, byte[] text, long at) {}

    private final long boot;
    final Window window;

    /** Where to send to: what the caller said last, or where the last datagram came from. */
    InetSocketAddress address;

    /** Whether a packet has shown that the other has the session. */
    boolean proven;

    /** The cookie it gave us last, and the sequence number under which we brought it back. */
    long cookie;

    long confirmed;
    final ArrayDeque<Sent> unproven = new ArrayDeque<>();

    private final Map<Key, SecretKeySpec> opening = new HashMap<>();
    private final Map<Key, SecretKeySpec> sealing = new HashMap<>();

    Session(long boot, long sequence, InetSocketAddress address) {
        this.boot = boot;
        this.window = new Window(sequence);
        this.address = address;
    }

    /** The other's boot id. */
    public long boot() {
        return boot;
    }

    /** Where the other is: the last it sent from, or the last we were told. */
    public InetSocketAddress address() {
        return address;
    }

    SecretKeySpec opening(Key key, long self) {
        return opening.computeIfAbsent(key, k -> k.pair(boot, self));
    }

    SecretKeySpec sealing(Key key, long self) {
        return sealing.computeIfAbsent(key, k -> k.pair(self, boot));
    }

    /** Forgets what was derived of keys that are no longer in the keyring. */
    void keep(Keyring keyring) {
        opening.keySet().retainAll(keyring.keys());
        sealing.keySet().retainAll(keyring.keys());
    }

    void prove() {
        proven = true;
        unproven.clear();
    }

    void remember(Sent sent) {
        unproven.removeIf(old -> sent.at - old.at > UNPROVEN_NANOS);
        if (unproven.size() == MAX_UNPROVEN) {
            unproven.remove();
        }
        unproven.add(sent);
    }
}
