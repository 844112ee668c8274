package io.onlink.swim;

/** What is held of a member. Present are those alive and those suspected; the others are tombstones. */
public enum State {
    /** It answers, or nobody has said otherwise. */
    ALIVE,
    /** It did not answer somebody, and has some time to say that it lives. */
    SUSPECT,
    /** It had that time and was silent. */
    DEAD,
    /** It has announced that it leaves. */
    LEFT;

    /** Whether it counts as a member. */
    public boolean present() {
        return this == ALIVE || this == SUSPECT;
    }
}
