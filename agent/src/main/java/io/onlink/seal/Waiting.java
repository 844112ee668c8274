package io.onlink.seal;

/** Something to be sent as soon as there is a session to send it in. One of its methods is called, once. */
public interface Waiting {
    /** The session is there. */
    void up(Session session);

    /** There will be none: nobody answered, too much waits already, or another run than the wanted one is there. */
    void lost(String why);
}
