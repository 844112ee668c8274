package io.onlink.grant;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A signed grant as it travels and lies in a file: opaque until an {@link Authority} has verified it. Not a secret.
 *
 * @param base64 the grant's bytes and after them the 64 of the signature, in base64; empty for none
 */
public record GrantToken(String base64) {
    /** Most bytes of a token: a grant of the longest name and the most entries, and its signature. */
    public static final int MAX_BYTES = 4 + 63 + 4 * Grant.MAX_NODE_IPS + 5 * Grant.MAX_SUBNETS + GrantToken.SIGNATURE;

    /** Most characters of a grant file. */
    public static final int MAX_FILE = 4096;

    /** Length of an Ed25519 signature (RFC 8032 section 5.1.6), in bytes. */
    static final int SIGNATURE = 64;

    /** No grant. */
    public static final GrantToken NONE = new GrantToken("");

    /** The token of these bytes; none if there are none. Refuses more than {@value #MAX_BYTES}. */
    public static GrantToken of(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a grant of " + bytes.length + " bytes is longer than " + MAX_BYTES);
        }
        return new GrantToken(Base64.getEncoder().encodeToString(bytes));
    }

    /**
     * Reads a grant file: one line of base64, beside blank lines and those that start with {@code #}.
     *
     * @throws IllegalArgumentException with a message that reads on after the name of the file
     */
    public static GrantToken parse(String file) {
        List<String> lines = file.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (file.length() > MAX_FILE || lines.size() != 1) {
            throw new IllegalArgumentException("is no grant file: it has not one line of base64");
        }
        try {
            return of(Base64.getDecoder().decode(lines.get(0)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no grant file: " + e.getMessage(), e);
        }
    }

    static GrantToken of(byte[] body, byte[] signature) {
        byte[] all = Arrays.copyOf(body, body.length + signature.length);
        System.arraycopy(signature, 0, all, body.length, signature.length);
        return of(all);
    }

    /** Whether there is no grant. */
    public boolean isNone() {
        return base64.isEmpty();
    }

    /** The bytes, none if there is no grant. */
    public byte[] bytes() {
        return Base64.getDecoder().decode(base64);
    }
}
