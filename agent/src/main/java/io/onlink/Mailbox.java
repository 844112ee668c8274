package io.onlink;

import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What other threads tell the agent's thread: the latest snapshot of gossip and bits that say "look again".
 *
 * <p>A burst folds into one turn of the loop. The one object by which anything reaches the agent's thread.
 */
final class Mailbox {
    /** Most unread answers of peers' kernels; more than there can be members to ask. */
    private static final int MAX_ANSWERS = 20_000;

    /** What came in since the last look. */
    record Mail(
            @Nullable Gossip gossip,
            List<Answer> answers,
            boolean pathsChanged,
            boolean kernelChanged,
            boolean overrun,
            boolean stop,
            boolean leave,
            Times times) {
        Mail(
                @Nullable Gossip gossip,
                List<Answer> answers,
                boolean pathsChanged,
                boolean kernelChanged,
                boolean overrun,
                boolean stop,
                boolean leave) {
            this(gossip, answers, pathsChanged, kernelChanged, overrun, stop, leave, Times.NONE);
        }
    }

    /**
     * When what is in the mail began.
     *
     * @param event when the first unread news of gossip came in; empty if there is none
     * @param put when the first of what cannot wait was put in the box; empty if there is nothing of the kind
     */
    record Times(OptionalLong event, OptionalLong put) {
        static final Times NONE = new Times(OptionalLong.empty(), OptionalLong.empty());
    }

    /** What came of asking a peer's kernel. */
    record Answer(NodeName name, long boot, Verdict verdict) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private @Nullable Gossip gossip;
    private List<Answer> answers = new ArrayList<>();
    private boolean pathsChanged;
    private boolean kernelChanged;
    private boolean overrun;
    private boolean stop;
    private boolean leave;
    private Times times = Times.NONE;

    void gossip(Gossip snapshot) {
        put(() -> gossip = snapshot);
    }

    /** Likewise; it came in at the one time and is put here at the other, both of one monotonic clock, in nanoseconds. */
    void gossip(Gossip snapshot, long eventAt, long now) {
        put(() -> {
            gossip = snapshot;
            times = new Times(first(times.event(), eventAt), first(times.put(), now));
        });
    }

    private static OptionalLong first(OptionalLong known, long time) {
        return known.isPresent() ? known : OptionalLong.of(time);
    }

    void answered(NodeName name, long boot, Verdict verdict) {
        put(() -> {
            if (answers.size() < MAX_ANSWERS) {
                answers.add(new Answer(name, boot, verdict));
            }
        });
    }

    void kernelChanged() {
        put(() -> kernelChanged = true);
    }

    /** A path was measured anew: the routes are to be looked at again. */
    void pathsChanged() {
        put(() -> pathsChanged = true);
    }

    /** The kernel has lost notifications: everything may have changed. */
    void overrun() {
        put(() -> overrun = true);
    }

    void stop() {
        put(() -> stop = true);
    }

    void leave() {
        put(() -> leave = true);
    }

    private void put(Runnable change) {
        lock.lock();
        try {
            change.run();
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for mail until the time is up and takes all there is. */
    Mail take(long waitNanos) throws InterruptedException {
        return take(waitNanos, 0);
    }

    /** Likewise, but the kernel's notifications alone are not looked at before the pause is over. */
    Mail take(long waitNanos, long kernelPauseNanos) throws InterruptedException {
        lock.lock();
        try {
            long whole = Math.min(waitNanos, TimeUnit.DAYS.toNanos(1));
            long pause = Math.min(whole, kernelPauseNanos);
            long rest = pause;
            while (rest > 0 && !urgent()) {
                rest = filled.awaitNanos(rest);
            }
            rest += whole - pause;
            while (rest > 0 && !urgent() && !kernelChanged && !overrun) {
                rest = filled.awaitNanos(rest);
            }
            Mail mail = new Mail(gossip, answers, pathsChanged, kernelChanged, overrun, stop, leave, times);
            gossip = null;
            times = Times.NONE;
            answers = new ArrayList<>();
            pathsChanged = false;
            kernelChanged = false;
            overrun = false;
            return mail;
        } finally {
            lock.unlock();
        }
    }

    private boolean urgent() {
        return gossip != null || !answers.isEmpty() || pathsChanged || stop || leave;
    }
}
