package io.onlink.membership;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.onlink.peer.Verdict;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a host's kernel for a sign of life: TCP connection attempts, whose refusal is as good as their success. Several,
 * one a while after the other: the kernel itself repeats a lost SYN only after a second. With those that it repeats six
 * reach a host in the least time there is: where 5 % of packets are lost each way, one host in a million is called silent
 * for that alone.
 *
 * <p>Each step sets the time of the next. Were all set at the beginning, a loop that is late for want of a processor
 * would take them in one go, and end a question whose answer it has not yet read.
 *
 * <p>How long it listens is asked again and again, for what is known of the way may change meanwhile. Of a host that was
 * silent the first attempt stays open, not to change the verdict, but to learn how late it answers.
 *
 * <p>An attempt that fails here (no route, no address, no permission, no descriptor) is no silence of the host: one such
 * spoils the question. Host unreachable is what the kernel says too when nobody answers its ARP, but then after a while.
 */
final class HostProbe {
    static final int ATTEMPTS = 5;
    static final int APART_MILLIS = 250;

    /** Between two looks at whether it has been listened to for long enough. */
    private static final int STEP_MILLIS = 100;

    /** Longest that any host is listened to. */
    static final int LONGEST_MILLIS = 5000;

    /** Host unreachable that takes this long was looked for on the link; a route that says so says it at once. */
    static final int SOUGHT_MILLIS = 200;

    /** A question that ends this much too late has not been listened to: this process stood still. */
    static final int LATE_MILLIS = 300;

    /** Who knows how long a host may take, and learns how long it took. Of the event loop. */
    interface Listening {
        /** How long to listen, as of now; at most {@link #LONGEST_MILLIS}. */
        int patienceMillis();

        /** The host has answered an attempt after so long, perhaps after the verdict. */
        void answered(long millis);
    }

    private final EventLoop loop;
    private final Supplier<Bootstrap> sockets;
    private final InetSocketAddress where;
    private final Listening listening;
    private final CompletableFuture<Verdict> answer = new CompletableFuture<>();
    private final List<ChannelFuture> attempts = new ArrayList<>();
    private final long begun = System.nanoTime();

    /** How long it would have taken until now if no step had been late. */
    private int waited;

    private int unreachable;

    /** Not of the loop alone: a socket that cannot be made fails on a thread of Netty's. */
    private volatile boolean local;

    private HostProbe(EventLoop loop, Supplier<Bootstrap> sockets, InetSocketAddress where, Listening listening) {
        this.loop = loop;
        this.sockets = sockets;
        this.where = where;
        this.listening = listening;
    }

    /** What the kernel there says in time; never fails. Whoever cancels it ends the question. */
    static CompletableFuture<Verdict> ask(
            EventLoop loop, Supplier<Bootstrap> sockets, InetSocketAddress where, Listening listening) {
        HostProbe probe = new HostProbe(loop, sockets, where, listening);
        var unused = probe.answer.whenComplete((verdict, failure) -> probe.then(0, () -> probe.close(verdict)));
        probe.then(0, probe::attempt);
        return probe.answer;
    }

    private void then(int millis, Runnable step) {
        try {
            var unused = loop.schedule(
                    () -> {
                        waited += millis;
                        step.run();
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            answer.complete(Verdict.NOT_ASKED);
        }
    }

    private void attempt() {
        if (answer.isDone()) {
            return;
        }
        long asked = System.nanoTime();
        try {
            ChannelFuture attempt = sockets.get()
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, LONGEST_MILLIS)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(where);
            attempts.add(attempt);
            var unused = attempt.addListener(done -> {
                if (done.isSuccess()) {
                    answered(millisSince(asked));
                    var unusedClose = attempt.channel().close();
                } else {
                    failed(done.cause(), millisSince(asked));
                }
            });
        } catch (RejectedExecutionException closing) {
            answer.complete(Verdict.NOT_ASKED);
        }
        if (attempts.size() < ATTEMPTS) {
            then(APART_MILLIS, this::attempt);
        } else {
            then(APART_MILLIS, this::listen);
        }
    }

    /** Netty's own time-out bears the class of a refusal; host unreachable has one of its own, the rest is local. */
    private void failed(@Nullable Throwable cause, long tookMillis) {
        if (cause instanceof NoRouteToHostException) {
            unreachable += tookMillis < SOUGHT_MILLIS ? 1 : 0;
        } else if (!(cause instanceof ConnectException)) {
            local = true;
        } else if (!(cause instanceof ConnectTimeoutException)) {
            answered(tookMillis);
        }
    }

    private void answered(long tookMillis) {
        listening.answered(tookMillis);
        answer.complete(Verdict.ANSWERED);
    }

    private void listen() {
        int left = listening.patienceMillis() - waited;
        if (answer.isDone()) {
            return;
        }
        if (left > 0) {
            then(Math.min(left, STEP_MILLIS), this::listen);
        } else if (local || millisSince(begun) > waited + LATE_MILLIS) {
            answer.complete(Verdict.NOT_ASKED);
        } else {
            answer.complete(unreachable == ATTEMPTS ? Verdict.UNREACHABLE : Verdict.SILENT);
        }
    }

    /** Closes what is still open, but for one attempt at a silent host. */
    private void close(@Nullable Verdict verdict) {
        attempts.stream().skip(verdict == Verdict.SILENT ? 1 : 0).forEach(attempt -> {
            var unused = attempt.channel().close();
        });
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
