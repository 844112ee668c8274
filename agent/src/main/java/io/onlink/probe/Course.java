package io.onlink.probe;

import io.onlink.inet.Ipv4;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What has been asked of one peer and what came of it.
 *
 * <p>A question is as large as the path is believed to carry, so that one question tests both. After one that is lost
 * small ones are asked. If those are lost too, the peer is silent; if they pass and large ones go on being lost, the
 * size that passes is searched.
 */
final class Course {
    /** Probes that the share of loss is taken of. */
    static final int WINDOW = 40;

    /** Between small questions while in doubt, and between those of one size in a search. */
    private static final long AGAIN = TimeUnit.SECONDS.toNanos(1);

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);

    /** As good as never, for a clock of nanoseconds. */
    private static final long LONG = TimeUnit.DAYS.toNanos(1);

    private PathVerdict toldVerdict = PathVerdict.NOT_PROBED;
    private int toldSize;
    private int toldRouteMtu = -1;
    private final Waiting waiting = new Waiting();
    private final Growth growth = new Growth();
    private final Hearing hearing = new Hearing();
    private final Losses losses = new Losses();
    private final Silence silence = new Silence();
    private final RoundTrip roundTrip = new RoundTrip();
    private Target target;
    private int address;
    private int tunnelMtu;
    private int mtu;
    private boolean measured;
    private boolean told;

    /** Whether the size is a former run's, of which it is not known why it is small. */
    private boolean inherited;

    private long dueAt;
    private boolean hurried;
    private int largeLost;
    private boolean answered;
    private boolean refused;
    private @Nullable Search search;

    Course(Target target, int tunnelMtu, long firstAt) {
        this.target = target;
        this.tunnelMtu = tunnelMtu;
        this.mtu = tunnelMtu;
        this.dueAt = firstAt;
        this.inherited = target.mtu() >= Search.FLOOR && target.mtu() < tunnelMtu;
        if (inherited) {
            mtu = target.mtu();
            measured = true;
            growth.soon(firstAt);
        }
    }

    Target target() {
        return target;
    }

    /** Takes what is newly known of the peer, its addresses being the same. */
    void target(Target now, long at) {
        if (now.routed() && !target.routed()) {
            dueAt = at;
        }
        target = now;
    }

    Ipv4 address() {
        return target.addresses().get(address);
    }

    /** Something of the peer's came from that address of it. */
    void heardFrom(Ipv4 from) {
        address = Math.max(0, target.addresses().indexOf(from));
    }

    /** The tunnel's own MTU has changed. */
    void tunnelMtu(int bytes) {
        if (mtu == tunnelMtu || mtu > bytes) {
            mtu = bytes;
            measured = false;
            told = false;
            inherited = false;
            search = null;
            largeLost = 0;
        }
        tunnelMtu = bytes;
    }

    /** Whether it waits for something: an answer, the end of a doubt or of a search, its first question. */
    boolean busy() {
        return target.routed()
                && (isSettled()
                        || silence.begun()
                        || largeLost > 0
                        || search != null
                        || (!answered && waiting.isEmpty())
                        || waiting.open());
    }

    boolean isSilent() {
        return silence.certain();
    }

    /** Whether it is found out now if it is silent, or the rest of who is silent is over: questions that are few. */
    boolean isUrgent() {
        return isSettled() ? !hurried : !answered || silence.begun();
    }

    /** Whether it is known to be silent, or to have no prober: then it is asked now and then only. */
    boolean isSettled() {
        return isSilent() || refused;
    }

    long dueAt() {
        return dueAt;
    }

    /** When the oldest question counts as lost; the most if none waits. */
    long lostAt() {
        long oldest = waiting.oldest();
        return oldest == Long.MAX_VALUE ? oldest : oldest + roundTrip.waits();
    }

    /** The next question. A settled peer is asked again after {@code rest}. */
    Ask ask(long number, long now, long rest) {
        silence.rest(rest);
        boolean calm = !silence.begun() && largeLost == 0 && search == null && !refused;
        if (calm && answered && measured && mtu < tunnelMtu && growth.due(now)) {
            search = new Search(mtu, tunnelMtu);
        }
        boolean searching = search != null && !search.done() && !silence.begun();
        int size = searching && search != null
                ? search.size()
                : silence.begun() || refused || search != null ? Packet.SMALL : mtu;
        waiting.add(new Waiting.Sent(number, size, now, searching));
        dueAt = now + pause(size, searching, rest);
        hurried = false;
        return new Ask(address(), size, number, silence.says(hearing, now));
    }

    /** How long nothing more is asked unless something comes of this question. */
    private long pause(int size, boolean searching, long rest) {
        if (isSettled()) {
            return rest;
        }
        if (searching) {
            boolean more = waiting.open(size) < losses.tries();
            return more ? STEP : LONG;
        }
        return size == Packet.SMALL ? AGAIN : LONG;
    }

    /** What stands in the answer to a question of the peer, in a mesh whose nodes take {@code round} to ask all others. */
    int hearing(int theirs, long now, long round) {
        int ago = hearing.ago(now);
        hearing.heard(now);
        hearing.theirs(theirs, now, round);
        if (isSettled() && dueAt - now > 0) {
            hurried = true;
            dueAt = now;
        }
        return ago;
    }

    /** Whether the peer asks, and hears none of our answers. */
    boolean unheard() {
        return hearing.unheard();
    }

    /** The peer says beside the tunnel that our questions reach it. */
    void heardThere(long now) {
        hearing.theyHeard(now);
    }

    /** Whether a question was lost and none answered since. */
    boolean doubted() {
        return silence.begun();
    }

    /** Takes what the guard of this host drops of the peer, in words; empty for nothing. */
    void guard(String words) {
        silence.guard(words);
    }

    /** Counts what was not answered in time as lost. */
    void expire(long now) {
        waiting.lost(now, roundTrip.waits()).forEach(s -> lost(s, now));
    }

    private void lost(Waiting.Sent s, long now) {
        if (s.searching) {
            if (search != null) {
                search.lost(s.size, losses.tries());
                dueAt = search.done() || search.size() != s.size ? now : dueAt;
            }
            return;
        }
        silence.lost(s.at, losses.silentFrom());
        losses.lost(s.size);
        if (s.size != Packet.SMALL) {
            largeLost++;
        }
        if (!answered && !hearing.ever()) {
            address = (address + 1) % target.addresses().size();
        }
        if (silence.count() == 1) {
            dueAt = now;
        }
        if (isSilent()) {
            search = null;
            largeLost = 0;
        }
    }

    /** Takes an answer; says whether there was such a question. */
    boolean answered(long number, int size, long now) {
        Waiting.Sent found = waiting.take(number, size);
        if (found == null) {
            return false;
        }
        roundTrip.took(now - found.at);
        boolean wasSettled = isSettled();
        if (isSilent()) {
            losses.clear();
        }
        if (!found.searching) {
            losses.answered(found);
        }
        hearing.heard(now);
        answered = true;
        refused = false;
        silence.end();
        passed(found, now);
        if (busy() || wasSettled) {
            dueAt = now;
        }
        return true;
    }

    private void passed(Waiting.Sent found, long now) {
        if (search != null) {
            search.passed(found.size);
            if (search.done() && (found.size == Packet.SMALL || search.passing() >= tunnelMtu)) {
                conclude(search, now);
            }
            return;
        }
        if (found.size >= mtu) {
            largeLost = 0;
            measured = true;
        } else if (largeLost >= losses.tries()) {
            search = new Search(Packet.SMALL, mtu);
        }
    }

    private void conclude(Search ended, long now) {
        int found = ended.passing();
        search = null;
        largeLost = 0;
        measured = true;
        inherited = false;
        if (found >= tunnelMtu) {
            mtu = tunnelMtu;
            told = false;
            growth.full();
            return;
        }
        told = ended.asTold() || (told && found == mtu);
        shrinkTo(found, now);
    }

    private void shrinkTo(int bytes, long now) {
        mtu = bytes;
        measured = true;
        growth.small(now);
    }

    /**
     * The network said that a question was too large, and how large one may be: a path that needs no search. Of a size
     * that no path may have nothing is believed, and the question is lost.
     */
    void tooBig(int bytes, long now) {
        if (bytes < Search.FLOOR || !waiting.forgetLarger(bytes)) {
            return;
        }
        if (search != null) {
            search.told(bytes);
            if (search.done()) {
                conclude(search, now);
            }
        } else if (bytes < mtu) {
            told = true;
            inherited = false;
            largeLost = 0;
            shrinkTo(bytes, now);
        }
        if (busy()) {
            dueAt = now;
        }
    }

    /** The peer's host says that nobody listens: packets pass, and there is no prober. */
    void refused(long now) {
        if (waiting.isEmpty()) {
            return;
        }
        waiting.clear();
        hearing.heard(now);
        refused = true;
        answered = true;
        silence.end();
        largeLost = 0;
        search = null;
    }

    /** Forgets what waits for an answer: it could not be sent, or this host itself has stood still. */
    void forgive(long now) {
        waiting.forgetOpen();
        dueAt = now;
    }

    /** Whether that MTU is known and another than it was when this was last asked. */
    boolean resized() {
        int now = routeMtu();
        boolean resized = now >= 0 && now != toldRouteMtu;
        toldRouteMtu = now >= 0 ? now : toldRouteMtu;
        return resized;
    }

    /** The MTU that the peer's routes are to have: 0 for the tunnel's own; less than 0 while that is not known. */
    int routeMtu() {
        if (!measured) {
            return -1;
        }
        return mtu < tunnelMtu ? Math.max(Search.FLOOR, mtu) : 0;
    }

    /** What there is to tell of now: the verdict, and the size of a black hole. */
    boolean tellsNews(long now) {
        PathVerdict verdict = verdict(now);
        int size = verdict == PathVerdict.BLACK_HOLE ? mtu : 0;
        boolean news = verdict != toldVerdict || size != toldSize;
        toldVerdict = verdict;
        toldSize = size;
        return news;
    }

    Path path(long now) {
        PathVerdict verdict = verdict(now);
        return new Path(
                target.name(),
                address(),
                verdict,
                words(verdict, now),
                answered && target.routed() && !isSilent(),
                roundTrip.nanos(),
                losses.share(),
                measured ? mtu : 0);
    }

    private PathVerdict verdict(long now) {
        if (!target.routed()) {
            return PathVerdict.ROUTE_MISSING;
        }
        if (isSilent()) {
            return silence.verdict(target.alive(), hearing, now);
        }
        if (!answered || refused) {
            return PathVerdict.NOT_PROBED;
        }
        if (measured && mtu < tunnelMtu && !told && !inherited) {
            return PathVerdict.BLACK_HOLE;
        }
        return losses.lossy() ? PathVerdict.LOSSY : PathVerdict.OK;
    }

    private String words(PathVerdict verdict, long now) {
        return switch (verdict) {
            case OK -> "ok";
            case LOSSY -> "lossy: " + losses + " probes lost";
            case BLACK_HOLE -> "black hole above " + mtu + " bytes";
            case ONE_WAY, GUARD_DROPS -> silence.words(verdict, hearing, now);
            case PROTOCOL_4_DROPPED -> "gossip ok but protocol 4 dropped";
            case AGENT_SILENT -> "agent silent: neither gossip nor probes are answered";
            case ROUTE_MISSING -> "route missing";
            case NOT_PROBED -> refused ? "not probed: packets pass, but its host has no prober" : "not probed yet";
        };
    }
}
