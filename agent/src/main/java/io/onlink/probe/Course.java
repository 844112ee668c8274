package io.onlink.probe;

import io.onlink.inet.Ipv4;
import java.util.List;
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

    /** Unanswered questions in a row that make a peer silent: where little is lost, and where much is. */
    static final int SILENT = 5;

    private static final int SILENT_IF_LOSSY = 9;

    /** From this share on a path is lossy. */
    private static final double LOSSY = 0.3;

    /** Lost large questions, a small one answered after each, that make a black hole where little else is lost. */
    static final int TRIES = 3;

    /** How long an answer may take before there is a round trip to go by. */
    static final long FIRST_WAIT = TimeUnit.SECONDS.toNanos(1);

    private static final long LEAST_WAIT = TimeUnit.MILLISECONDS.toNanos(400);
    private static final long MOST_WAIT = TimeUnit.SECONDS.toNanos(3);

    /** Between small questions while in doubt, and between those of one size in a search. */
    private static final long AGAIN = TimeUnit.SECONDS.toNanos(1);

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);

    /** As good as never, for a clock of nanoseconds. */
    private static final long LONG = TimeUnit.DAYS.toNanos(1);

    private final Waiting waiting = new Waiting();
    private final Growth growth = new Growth();
    private final Hearing hearing = new Hearing();
    private final Loss all = new Loss(WINDOW);
    private final Loss small = new Loss(WINDOW);
    private Target target;
    private int address;
    private int tunnelMtu;
    private int mtu;
    private boolean measured;
    private boolean told;
    private long dueAt;
    private int silent;
    private int silentFrom = SILENT;
    private long silentSince;
    private int largeLost;
    private boolean answered;
    private boolean refused;
    private long roundTrip;
    private @Nullable Search search;

    Course(Target target, int tunnelMtu, long firstAt) {
        this.target = target;
        this.tunnelMtu = tunnelMtu;
        this.mtu = tunnelMtu;
        this.dueAt = firstAt;
        if (target.mtu() >= Search.FLOOR && target.mtu() < tunnelMtu) {
            shrinkTo(target.mtu(), firstAt);
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
            search = null;
            largeLost = 0;
        }
        tunnelMtu = bytes;
    }

    /** Whether it waits for something: an answer, the end of a doubt or of a search, its first question. */
    boolean busy() {
        return target.routed()
                && (isSilent()
                        || refused
                        || silent > 0
                        || largeLost > 0
                        || search != null
                        || (!answered && waiting.isEmpty())
                        || waiting.open());
    }

    boolean isSilent() {
        return silent >= silentFrom;
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
        return oldest == Long.MAX_VALUE ? oldest : oldest + waits();
    }

    private long waits() {
        return roundTrip == 0 ? FIRST_WAIT : Math.min(MOST_WAIT, Math.max(LEAST_WAIT, 4 * roundTrip));
    }

    /** The next question. A settled peer is asked again after {@code rest}. */
    Ask ask(long number, long now, long rest) {
        boolean calm = silent == 0 && largeLost == 0 && search == null && !refused;
        if (calm && measured && mtu < tunnelMtu && growth.due(now)) {
            search = new Search(mtu, tunnelMtu);
        }
        boolean searching = search != null && !search.done() && silent == 0;
        int size = searching && search != null
                ? search.size()
                : silent > 0 || refused || search != null ? Packet.SMALL : mtu;
        waiting.add(new Waiting.Sent(number, size, now, searching));
        dueAt = now + pause(size, searching, rest);
        return new Ask(address(), size, number, hearing.ago(now));
    }

    /** How long nothing more is asked unless something comes of this question. */
    private long pause(int size, boolean searching, long rest) {
        if (isSettled()) {
            return rest;
        }
        if (searching) {
            boolean more = waiting.open(size) < tries();
            return more ? STEP : LONG;
        }
        return size == Packet.SMALL ? AGAIN : LONG;
    }

    /** What stands in the answer to a question of the peer. */
    int hearing(int theirs, long now) {
        int ago = hearing.ago(now);
        hearing.heard(now);
        hearing.theyHeard(theirs, now);
        if (isSettled()) {
            dueAt = Math.min(dueAt, now);
        }
        return ago;
    }

    /** Counts what was not answered in time as lost. */
    void expire(long now) {
        waiting.lost(now, waits()).forEach(s -> lost(s, now));
    }

    private void lost(Waiting.Sent s, long now) {
        boolean isSmall = s.size == Packet.SMALL;
        if (s.searching) {
            if (search != null) {
                search.lost(s.size, tries());
                dueAt = search.done() || search.size() != s.size ? now : dueAt;
            }
            return;
        }
        if (silent == 0) {
            silentFrom = small.share() <= 0.1 ? SILENT : SILENT_IF_LOSSY;
        }
        all.add(true);
        if (isSmall) {
            small.add(true);
        } else {
            largeLost++;
        }
        if (silent++ == 0) {
            silentSince = s.at;
        }
        if (!answered && !hearing.ever()) {
            address = (address + 1) % target.addresses().size();
        }
        if (silent == 1) {
            dueAt = now;
        }
        if (isSilent()) {
            search = null;
            largeLost = 0;
        }
    }

    private int tries() {
        double loss = small.share();
        return loss <= 0.1 ? TRIES : loss <= 0.25 ? 2 * TRIES - 1 : 2 * TRIES + 1;
    }

    /** Takes an answer; says whether there was such a question. */
    boolean answered(long number, int size, long now) {
        Waiting.Sent found = waiting.take(number, size);
        if (found == null) {
            return false;
        }
        long took = now - found.at;
        roundTrip = roundTrip == 0 ? took : roundTrip + (took - roundTrip) / 8;
        boolean wasSettled = isSettled();
        if (isSilent()) {
            all.clear();
            small.clear();
        }
        count(found);
        hearing.heard(now);
        answered = true;
        refused = false;
        silent = 0;
        passed(found, now);
        if (busy() || wasSettled) {
            dueAt = now;
        }
        return true;
    }

    private void count(Waiting.Sent found) {
        if (found.searching) {
            return;
        }
        for (Loss loss : found.size == Packet.SMALL ? List.of(all, small) : List.of(all)) {
            if (found.lost()) {
                loss.take();
            }
            loss.add(false);
        }
    }

    private void passed(Waiting.Sent found, long now) {
        if (search != null) {
            search.passed(found.size);
            if (search.done() && (found.size == Packet.SMALL || search.passing() >= tunnelMtu)) {
                conclude(search.passing(), now);
            }
            return;
        }
        if (found.size >= mtu) {
            largeLost = 0;
            measured = true;
        } else if (largeLost >= tries()) {
            search = new Search(Packet.SMALL, mtu);
        }
    }

    private void conclude(int found, long now) {
        search = null;
        largeLost = 0;
        measured = true;
        if (found >= tunnelMtu) {
            mtu = tunnelMtu;
            told = false;
            growth.full();
            return;
        }
        told = told && found >= mtu;
        shrinkTo(found, now);
    }

    private void shrinkTo(int bytes, long now) {
        mtu = bytes;
        measured = true;
        growth.small(now);
    }

    /** The network said that a question was too large, and how large one may be: a path that needs no search. */
    void tooBig(int bytes, long now) {
        boolean asked = waiting.forgetLarger(bytes);
        if (!asked || bytes < Search.FLOOR) {
            return;
        }
        if (search != null) {
            search.told(bytes);
            if (search.done()) {
                conclude(search.passing(), now);
            }
        } else if (bytes < mtu) {
            told = true;
            largeLost = 0;
            shrinkTo(bytes, now);
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
        silent = 0;
        largeLost = 0;
        search = null;
    }

    /** Forgets what waits for an answer: it could not be sent, or this host itself has stood still. */
    void forgive(long now) {
        waiting.forgetOpen();
        dueAt = now;
    }

    /** The MTU that the peer's routes are to have: 0 for the tunnel's own; less than 0 while that is not known. */
    int routeMtu() {
        if (!measured) {
            return -1;
        }
        return mtu < tunnelMtu ? Math.max(Search.FLOOR, mtu) : 0;
    }

    Path path(long now) {
        PathVerdict verdict = verdict(now);
        return new Path(
                target.name(),
                address(),
                verdict,
                words(verdict),
                answered && target.routed() && !isSilent(),
                roundTrip,
                all.share(),
                measured ? mtu : 0);
    }

    private PathVerdict verdict(long now) {
        if (!target.routed()) {
            return PathVerdict.ROUTE_MISSING;
        }
        if (isSilent()) {
            return silentVerdict(now);
        }
        if (!answered || refused) {
            return PathVerdict.NOT_PROBED;
        }
        if (measured && mtu < tunnelMtu && !told) {
            return PathVerdict.BLACK_HOLE;
        }
        return all.count() >= WINDOW / 2 && all.share() >= LOSSY ? PathVerdict.LOSSY : PathVerdict.OK;
    }

    private PathVerdict silentVerdict(long now) {
        if (!target.guard().isEmpty()) {
            return PathVerdict.GUARD_DROPS;
        }
        if (!target.alive()) {
            return PathVerdict.AGENT_SILENT;
        }
        return hearing.since(silentSince, now) ? PathVerdict.ONE_WAY : PathVerdict.PROTOCOL_4_DROPPED;
    }

    private String words(PathVerdict verdict) {
        return switch (verdict) {
            case OK -> "ok";
            case LOSSY -> "lossy: " + all.lost() + " of the last " + all.count() + " probes lost";
            case BLACK_HOLE -> "black hole above " + mtu + " bytes";
            case ONE_WAY ->
                "one way only: its probes arrive here, "
                        + (hearing.theySince(silentSince) ? "its answers to ours do not" : "ours do not reach it");
            case PROTOCOL_4_DROPPED -> "gossip ok but protocol 4 dropped";
            case GUARD_DROPS -> "guard drops: " + target.guard();
            case AGENT_SILENT -> "agent silent: neither gossip nor probes are answered";
            case ROUTE_MISSING -> "route missing";
            case NOT_PROBED -> refused ? "not probed: packets pass, but its host has no prober" : "not probed yet";
        };
    }
}
