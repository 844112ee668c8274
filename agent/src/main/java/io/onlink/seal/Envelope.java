package io.onlink.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A packet, big endian, the same as a datagram and as a frame of a stream:
 *
 * <pre>
 * version 1, type (1) | key id (4) | from: sender's boot id (8) | sequence (8) | mac (8) | ciphertext | tag (16)
 * </pre>
 *
 * <p>{@code mac} is SipHash-2-4 over the packet with the receiver's boot id in place of this field, or 0 in a HELLO. It
 * costs a stranger's packet, and a captured one that was meant for another, next to nothing and allocates nothing; what
 * counts is the tag behind it. The nonce is the sequence number, and the first 21 bytes are authenticated with the text.
 * ChaCha20 rather than AES-GCM: a small JVM without its optimising compiler seals five times as fast with it, and in
 * constant time.
 *
 * <p>The text of a HELLO is not encrypted, only authenticated: it says for which address the HELLO is, which the headers
 * around it say too, and whom it is not for must see that before it spends anything on it.
 */
public final class Envelope {
    /** Bytes a packet is longer than what is in it. */
    public static final int OVERHEAD = 45;

    static final int AUTHENTICATED = 21;
    static final int TEXT = 29;

    private static final int VERSION = 1;
    private static final int MAC = 21;
    private static final int TAG = OVERHEAD - TEXT;
    private static final int NONCE_BYTES = 12;
    private static final Type[] TYPES = Type.values();

    /** What a packet is for. Never renumbered. */
    enum Type {
        /** Who is there? Sealed to nobody in particular. */
        HELLO(0),
        /** The answer: I am, and who are you? */
        CHALLENGE(1),
        /** The answer to that, with the cookie that was in it. */
        CONFIRM(2),
        /** Anything else, in a session. */
        MESSAGE(3);

        final int code;

        Type(int code) {
            this.code = code;
        }
    }

    private final Cipher sealing = cipher();
    private Cipher opening = cipher();

    /** The type, or null if this is no packet of this version. Allocates nothing, as all that looks at a packet. */
    static @Nullable Type type(byte[] packet) {
        int type = packet[0] & 0x0f;
        return packet[0] >>> 4 == VERSION && type < TYPES.length ? TYPES[type] : null;
    }

    static int keyId(byte[] packet) {
        return (int) number(packet, 1, 4);
    }

    static long from(byte[] packet) {
        return number(packet, 5, 8);
    }

    static long sequence(byte[] packet) {
        return number(packet, 13, 8);
    }

    /** Whether the packet was made with this key for this boot id. Overwrites its mac field. */
    static boolean authentic(byte[] packet, int length, Key key, long to) {
        long given = number(packet, MAC, 8);
        number(packet, MAC, 8, to);
        return SipHash.hash(key.mac0, key.mac1, packet, 0, length) == given;
    }

    /**
     * What the sender puts into the header, and for whom.
     *
     * @param to the receiver's boot id, or 0 for whoever is there
     */
    record Header(Type type, Key key, long from, long to, long sequence) {}

    /** The packet with this text in it. */
    byte[] seal(Header header, SecretKeySpec pair, byte[] text) {
        byte[] packet = new byte[text.length + OVERHEAD];
        packet[0] = (byte) (VERSION << 4 | header.type.code);
        number(packet, 1, 4, header.key.id());
        number(packet, 5, 8, header.from);
        number(packet, 13, 8, header.sequence);
        try {
            sealing.init(Cipher.ENCRYPT_MODE, pair, nonce(header.sequence));
            sealing.updateAAD(packet, 0, AUTHENTICATED);
            int clear = header.type == Type.HELLO ? text.length : 0;
            System.arraycopy(text, 0, packet, TEXT, clear);
            sealing.updateAAD(packet, TEXT, clear);
            int unused = sealing.doFinal(text, clear, text.length - clear, packet, TEXT + clear);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet cannot be sealed", e);
        }
        number(packet, MAC, 8, header.to);
        number(packet, MAC, 8, SipHash.hash(header.key.mac0, header.key.mac1, packet, 0, packet.length));
        return packet;
    }

    /** The text, or null if the packet was not sealed with this pair's key. */
    byte @Nullable [] open(SecretKeySpec pair, byte[] packet, int length) {
        try {
            begin(pair, nonce(sequence(packet)));
            opening.updateAAD(packet, 0, AUTHENTICATED);
            if (type(packet) != Type.HELLO) {
                return opening.doFinal(packet, TEXT, length - TEXT);
            }
            opening.updateAAD(packet, TEXT, length - OVERHEAD);
            byte[] unused = opening.doFinal(packet, length - TAG, TAG);
            return Arrays.copyOfRange(packet, TEXT, length - TAG);
        } catch (AEADBadTagException forged) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet cannot be opened", e);
        }
    }

    /** A cipher of the JDK refuses the key and nonce it had last, to open too, where a replay brings them again. */
    private void begin(SecretKeySpec pair, IvParameterSpec nonce) throws GeneralSecurityException {
        try {
            opening.init(Cipher.DECRYPT_MODE, pair, nonce);
        } catch (InvalidKeyException again) {
            opening = cipher();
            opening.init(Cipher.DECRYPT_MODE, pair, nonce);
        }
    }

    private static IvParameterSpec nonce(long sequence) {
        byte[] nonce = new byte[NONCE_BYTES];
        number(nonce, NONCE_BYTES - 8, 8, sequence);
        return new IvParameterSpec(nonce);
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no ChaCha20-Poly1305, which Java 11 and later have", e);
        }
    }

    private static long number(byte[] in, int at, int count) {
        long number = 0;
        for (int i = at; i < at + count; i++) {
            number = number << 8 | (in[i] & 0xff);
        }
        return number;
    }

    private static void number(byte[] out, int at, int count, long number) {
        for (int i = at + count - 1; i >= at; i--) {
            out[i] = (byte) number;
            number >>>= 8;
        }
    }

    /** Two numbers as bytes. */
    static byte[] pair(long one, long other) {
        return ByteBuffer.allocate(16).putLong(one).putLong(other).array();
    }
}
