package io.onlink.peer;

/** What came of asking a host's kernel for a sign of life. */
public enum Verdict {
    /** The question did not get out, or has not been put: a trouble of this host, which says nothing of the other. */
    NOT_ASKED,

    /** The host lives: its kernel accepted or refused. */
    ANSWERED,

    /** The question went out, and nothing came back in time. */
    SILENT,

    /** Host unreachable, said at once: by a router that knows, or by a route of this host. Only others' answers tell. */
    UNREACHABLE
}
