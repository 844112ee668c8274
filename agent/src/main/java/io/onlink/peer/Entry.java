package io.onlink.peer;

/** One of the {@link Roster}: what a member says, and what has become of it. Owned by the roster's thread. */
final class Entry {
    Advertisement advertisement;

    /** Whether gossip holds it alive; if not, since when, and whether that its host answers has been said. */
    boolean alive = true;

    long lostAt;
    boolean said;

    /** When its host's kernel is to be asked next, whether it is being asked, and what it last answered. */
    long probeAt;

    boolean asked;
    Verdict voice = Verdict.NOT_ASKED;

    Entry(Advertisement advertisement) {
        this.advertisement = advertisement;
    }

    /** Gossip holds it alive, and this is what it says; whether it is back. */
    boolean hear(Advertisement heard) {
        boolean back = !alive;
        Advertisement before = advertisement;
        if (back || before.boot() != heard.boot()) {
            asked = false;
            voice = Verdict.NOT_ASKED;
        }
        alive = true;
        boolean unrankedRestart = heard.seniority() == 0 && before.seniority() != 0 && heard.isRunOf(before);
        advertisement = unrankedRestart ? heard.ranked(heard.generation(), before.seniority()) : heard;
        return back;
    }

    /** Whether gossip has lost it and its host did not answer either. */
    boolean isSilent() {
        return !alive && (voice == Verdict.SILENT || voice == Verdict.UNREACHABLE);
    }
}
