package io.onlink.grant;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** The private key of an authority, which signs grants. Only the command that signs ever holds one, never an agent. */
public final class AuthorityKey {
    static final String ALGORITHM = "Ed25519";

    /** Signed before a grant's bytes, so that a signature is good for nothing else. */
    static final byte[] PURPOSE = "onlink grant\n".getBytes(StandardCharsets.US_ASCII);

    private static final String LABEL = "PRIVATE KEY";

    private final PrivateKey key;

    private AuthorityKey(PrivateKey key) {
        this.key = key;
    }

    /**
     * A new key's two files.
     *
     * @param privatePem PKCS #8 (RFC 5958) in PEM: secret
     * @param publicPem SubjectPublicKeyInfo (RFC 8410) in PEM: what every agent gets
     */
    public record Files(String privatePem, String publicPem) {
        /** Says nothing of the private key. */
        @Override
        public String toString() {
            return "authority key";
        }
    }

    /** Makes a new key. */
    public static Files generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            return new Files(
                    Pem.encode(LABEL, pair.getPrivate().getEncoded()),
                    Pem.encode(Authority.LABEL, pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /**
     * Reads a private key file.
     *
     * @throws IllegalArgumentException with a message that reads on after the name of the file
     */
    public static AuthorityKey parse(String pem) {
        List<byte[]> blocks = Pem.decode(LABEL, pem);
        if (blocks.size() != 1) {
            throw new IllegalArgumentException("is no file with one PEM private key");
        }
        try {
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            return new AuthorityKey(keys.generatePrivate(new PKCS8EncodedKeySpec(blocks.get(0))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("holds no Ed25519 private key", e);
        }
    }

    /** Signs the grant. */
    public GrantToken sign(Grant grant) {
        byte[] body = GrantCodec.encode(grant);
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(PURPOSE);
            signature.update(body);
            return GrantToken.of(body, signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with this key", e);
        }
    }

    /** Says nothing of the key. */
    @Override
    public String toString() {
        return "authority key";
    }
}
