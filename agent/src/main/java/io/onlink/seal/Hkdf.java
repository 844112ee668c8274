package io.onlink.seal;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), as far as one block of output goes. */
final class Hkdf {
    /** Bytes of a pseudorandom key, and most bytes of output. */
    static final int BYTES = 32;

    private Hkdf() {}

    /** HKDF-Extract. */
    static byte[] extract(byte[] salt, byte[] secret) {
        return hmac(salt, secret);
    }

    /** HKDF-Expand to {@value #BYTES} bytes. */
    static byte[] expand(byte[] pseudorandom, byte[] purpose) {
        byte[] input = Arrays.copyOf(purpose, purpose.length + 1);
        input[purpose.length] = 1;
        return hmac(pseudorandom, input);
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
