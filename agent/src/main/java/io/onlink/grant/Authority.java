package io.onlink.grant;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public keys whose grants count. Several while one is being replaced: any of them is as good as the other.
 *
 * <p>A verdict is a function of keys and token; those of the tokens last asked for are remembered. One thread at a time.
 */
public final class Authority {
    /** Most keys in one authority. */
    public static final int MAX_KEYS = 4;

    /** Most characters of an authority file. */
    public static final int MAX_FILE = 8192;

    static final String LABEL = "PUBLIC KEY";

    /** Verdicts remembered: more than the members a node takes. */
    private static final int REMEMBERED = 16_384;

    private final List<PublicKey> keys;
    private final Map<GrantToken, Verdict> verdicts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<GrantToken, Verdict> eldest) {
            return size() > REMEMBERED;
        }
    };
    private long verifications;

    /**
     * What a token is worth.
     *
     * @param grant what it grants; null if nothing
     * @param problem why nothing, for people; empty if it grants something
     */
    public record Verdict(@Nullable Grant grant, String problem) {}

    private Authority(List<PublicKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads an authority file: 1 to {@value #MAX_KEYS} public keys in PEM.
     *
     * @throws IllegalArgumentException with a message that reads on after the name of the file
     */
    public static Authority parse(String pem) {
        List<byte[]> blocks = Pem.decode(LABEL, pem);
        if (pem.length() > MAX_FILE || blocks.isEmpty() || blocks.size() > MAX_KEYS) {
            throw new IllegalArgumentException("is no file with 1 to " + MAX_KEYS + " PEM public keys");
        }
        List<PublicKey> keys = new ArrayList<>();
        try {
            KeyFactory factory = KeyFactory.getInstance(AuthorityKey.ALGORITHM);
            for (byte[] der : blocks) {
                keys.add(factory.generatePublic(new X509EncodedKeySpec(der)));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("holds a key that is no Ed25519 public key", e);
        }
        return new Authority(keys);
    }

    /** Verifies the token, then reads it. */
    public Verdict verify(GrantToken token) {
        return verdicts.computeIfAbsent(token, this::judge);
    }

    private Verdict judge(GrantToken token) {
        byte[] bytes = token.bytes();
        int length = bytes.length - GrantToken.SIGNATURE;
        if (length <= 0) {
            return new Verdict(null, "the grant is too short to be signed");
        }
        byte[] body = Arrays.copyOf(bytes, length);
        byte[] signature = Arrays.copyOfRange(bytes, length, bytes.length);
        if (keys.stream().noneMatch(key -> signed(key, body, signature))) {
            return new Verdict(null, "the grant is not signed by this mesh's authority " + fingerprints());
        }
        try {
            return new Verdict(GrantCodec.decode(body), "");
        } catch (IllegalArgumentException e) {
            return new Verdict(null, "the grant cannot be read: " + e.getMessage());
        }
    }

    private boolean signed(PublicKey key, byte[] body, byte[] signature) {
        verifications++;
        try {
            Signature verifier = Signature.getInstance(AuthorityKey.ALGORITHM);
            verifier.initVerify(key);
            verifier.update(AuthorityKey.PURPOSE);
            verifier.update(body);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false; // its numbers are out of range: nobody's signature
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /** Signatures computed so far, for the test that they are not computed twice. */
    long verifications() {
        return verifications;
    }

    /** The keys, each by the first 8 hex digits of the SHA-256 of its SubjectPublicKeyInfo. */
    public List<String> fingerprints() {
        return keys.stream().map(key -> fingerprint(key.getEncoded())).toList();
    }

    private static String fingerprint(byte[] der) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(der);
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
