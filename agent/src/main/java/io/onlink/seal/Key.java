package io.onlink.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A key of a mesh. Shown as its fingerprint only: the first four bytes of its SHA-256, in hexadecimal. */
public final class Key {
    /** Bytes of a key; as text they are 44 characters of base64. */
    public static final int BYTES = 32;

    private static final byte[] SALT = ascii("onlink seal v1");
    private static final byte[] MAC = ascii("onlink mac");
    private static final byte[] PAIR = ascii("onlink pair");

    private final int id;
    private final byte[] pseudorandom;
    final long mac0;
    final long mac1;

    private Key(byte[] bytes) {
        id = ByteBuffer.wrap(sha256(bytes)).getInt();
        pseudorandom = Hkdf.extract(SALT, bytes);
        byte[] mac = Hkdf.expand(pseudorandom, MAC);
        mac0 = SipHash.little(mac, 0, 8);
        mac1 = SipHash.little(mac, 8, 8);
    }

    /** A new key as the text that a key file holds. The only way by which a key is ever written. */
    public static String newText(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Reads that text.
     *
     * @throws IllegalArgumentException if it is anything else; the message does not repeat the text
     */
    public static Key parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not base64");
        }
        try {
            if (bytes.length != BYTES) {
                throw new IllegalArgumentException("is " + bytes.length + " bytes long, not " + BYTES);
            }
            return new Key(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** A key that everyone knows, being the hash of this text. */
    static Key published(String text) {
        return new Key(sha256(ascii(text)));
    }

    /** What tells keys apart on the wire and in logs. */
    public int id() {
        return id;
    }

    /** Eight hexadecimal digits. */
    public String fingerprint() {
        return fingerprint(id);
    }

    /** The eight digits of a key that may not be known. */
    public static String fingerprint(int id) {
        return String.format("%08x", id);
    }

    /** The key of packets from one run of an agent to another; 0 stands for whoever is there. */
    SecretKeySpec pair(long from, long to) {
        byte[] purpose = ByteBuffer.allocate(PAIR.length + 2 * Long.BYTES)
                .put(PAIR)
                .putLong(from)
                .putLong(to)
                .array();
        return new SecretKeySpec(Hkdf.expand(pseudorandom, purpose), "ChaCha20");
    }

    /** Bytes for another purpose than packets; who knows them learns nothing of the key. */
    byte[] derive(String purpose) {
        return Hkdf.expand(pseudorandom, ascii(purpose));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key && id == key.id && MessageDigest.isEqual(pseudorandom, key.pseudorandom);
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return fingerprint();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
