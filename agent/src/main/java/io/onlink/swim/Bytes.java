package io.onlink.swim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Bytes as a value: never altered, equal by content. */
public final class Bytes {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    /** Length of a leave token, and of the pledge made of it, in bytes. */
    public static final int TOKEN_LENGTH = 16;

    private final byte[] content;
    private final long hash;

    private Bytes(byte[] content) {
        this.content = content;
        long h = Mix.of(content.length);
        for (byte b : content) {
            h = Mix.of(h ^ b);
        }
        this.hash = h;
    }

    /** A copy of these bytes. */
    public static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return content.clone();
    }

    /** Their number. */
    public int size() {
        return content.length;
    }

    /** The same number at every node. */
    long hash() {
        return hash;
    }

    /** The first {@value #TOKEN_LENGTH} bytes of SHA-256 of these: anyone can check it, nobody can go back. */
    Bytes pledge() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new Bytes(Arrays.copyOf(digest, TOKEN_LENGTH));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
