package io.onlink.seal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a node: the first seals, every one opens. Immutable. */
public final class Keyring {
    /** Most keys at one time; a rotation needs two. */
    public static final int MAX_KEYS = 8;

    /** The keyring of a mesh that does without secrets: its one key is known to everyone. */
    public static final Keyring INSECURE = new Keyring(List.of(Key.published("onlink without a key")), false);

    private final Key[] keys;
    private final boolean secret;

    private Keyring(List<Key> keys, boolean secret) {
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException("holds " + keys.size() + " keys, not 1 to " + MAX_KEYS);
        }
        if (keys.stream().map(Key::id).distinct().count() < keys.size()) {
            throw new IllegalArgumentException("holds one key twice");
        }
        this.keys = keys.toArray(Key[]::new);
        this.secret = secret;
    }

    /**
     * A keyring of 1 to {@value #MAX_KEYS} keys.
     *
     * @throws IllegalArgumentException for none, too many, or one twice
     */
    public static Keyring of(List<Key> keys) {
        return new Keyring(keys, true);
    }

    /** Whether the keys are secrets, or the published one. */
    public boolean secret() {
        return secret;
    }

    /** All keys, the sealing one first. */
    public List<Key> keys() {
        return List.of(keys);
    }

    Key sealing() {
        return keys[0];
    }

    /** Allocates nothing. */
    @Nullable
    Key find(int id) {
        for (Key key : keys) {
            if (key.id() == id) {
                return key;
            }
        }
        return null;
    }

    /** The fingerprints. */
    @Override
    public String toString() {
        return keys().toString();
    }
}
