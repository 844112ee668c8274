package io.onlink.seal;

import java.nio.ByteBuffer;

/**
 * A short mark that only holders of the mesh's key can make: the key's id and a SipHash-2-4 under a key derived for one
 * purpose. It proves who made a message, not when, and hides nothing.
 */
public final class Stamp {
    /** Bytes of a stamp. */
    public static final int BYTES = Integer.BYTES + Long.BYTES;

    private final int[] ids;
    private final long[] halves;

    /** Stamps for a purpose with the first key of the ring; every key's stamp is good. */
    public Stamp(Keyring ring, String purpose) {
        ids = new int[ring.keys().size()];
        halves = new long[2 * ids.length];
        for (int i = 0; i < ids.length; i++) {
            Key key = ring.keys().get(i);
            byte[] derived = key.derive("onlink " + purpose);
            ids[i] = key.id();
            halves[2 * i] = SipHash.little(derived, 0, 8);
            halves[2 * i + 1] = SipHash.little(derived, 8, 8);
        }
    }

    /** Writes the stamp of a message at an offset of {@code to}, which has {@value #BYTES} bytes there. */
    public void put(byte[] message, byte[] to, int offset) {
        ByteBuffer.wrap(to, offset, BYTES).putInt(ids[0]).putLong(hash(0, message));
    }

    /** Whether the stamp at an offset of {@code from} is that of the message. */
    public boolean fits(byte[] message, byte[] from, int offset) {
        ByteBuffer stamp = ByteBuffer.wrap(from, offset, BYTES);
        int id = stamp.getInt();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return hash(i, message) == stamp.getLong();
            }
        }
        return false;
    }

    private long hash(int key, byte[] message) {
        return SipHash.hash(halves[2 * key], halves[2 * key + 1], message, 0, message.length);
    }
}
