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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a host's kernel for a sign of life: TCP connection attempts, whose refusal is as good as their success. Several,
 * one a while after the other: the kernel itself repeats a lost SYN only after a second.
 *
 * <p>Each step sets the time of the next. Were all set at the beginning, a loop that is late for want of a processor
 * would take them in one go, and end a question whose answer it has not yet read.
 *
 * <p>An attempt that fails here (no route, no address, no permission, no descriptor) is no silence of the host: one such
 * spoils the question. Host unreachable is what the kernel says too when nobody answers its ARP, but then after a while.
 */
final class HostProbe {
    static final int ATTEMPTS = 3;
    static final int APART_MILLIS = 400;

    /** Host unreachable that takes this long was looked for on the link; a route that says so says it at once. */
    static final int SOUGHT_MILLIS = 200;

    /** A question that ends this much too late has not been listened to: this process stood still. */
    static final int LATE_MILLIS = 300;

    private final EventLoop loop;
    private final Supplier<Bootstrap> sockets;
    private final InetSocketAddress where;
    private final int timeoutMillis;
    private final CompletableFuture<Verdict> answer = new CompletableFuture<>();
    private final long begun = System.nanoTime();
    private int unreachable;

    /** Not of the loop alone: a socket that cannot be made fails on a thread of Netty's. */
    private volatile boolean local;

    private HostProbe(EventLoop loop, Supplier<Bootstrap> sockets, InetSocketAddress where, int timeoutMillis) {
        this.loop = loop;
        this.sockets = sockets;
        this.where = where;
        this.timeoutMillis = timeoutMillis;
    }

    /** What the kernel there says in time; never fails. */
    static CompletableFuture<Verdict> ask(
            EventLoop loop, Supplier<Bootstrap> sockets, InetSocketAddress where, int timeoutMillis) {
        HostProbe probe = new HostProbe(loop, sockets, where, timeoutMillis);
        probe.then(0, () -> probe.attempt(ATTEMPTS, timeoutMillis));
        return probe.answer;
    }

    private void then(int millis, Runnable step) {
        try {
            var unused = loop.schedule(step, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            answer.complete(Verdict.NOT_ASKED);
        }
    }

    /** One attempt of so many that are left, in the time that is left. */
    private void attempt(int left, int patience) {
        if (answer.isDone()) {
            return;
        }
        if (left > 1) {
            then(APART_MILLIS, () -> attempt(left - 1, patience - APART_MILLIS));
        } else {
            then(patience, this::end);
        }
        long asked = System.nanoTime();
        try {
            ChannelFuture attempt = sockets.get()
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, patience)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(where);
            var unused = attempt.addListener(done -> {
                if (done.isSuccess()) {
                    answer.complete(Verdict.ANSWERED);
                    var unusedClose = attempt.channel().close();
                } else {
                    failed(done.cause(), millisSince(asked));
                }
            });
        } catch (RejectedExecutionException closing) {
            answer.complete(Verdict.NOT_ASKED);
        }
    }

    /** Netty's own time-out bears the class of a refusal; host unreachable has one of its own, the rest is local. */
    private void failed(@Nullable Throwable cause, long tookMillis) {
        if (cause instanceof NoRouteToHostException) {
            unreachable += tookMillis < SOUGHT_MILLIS ? 1 : 0;
        } else if (!(cause instanceof ConnectException)) {
            local = true;
        } else if (!(cause instanceof ConnectTimeoutException)) {
            answer.complete(Verdict.ANSWERED);
        }
    }

    private void end() {
        if (local || millisSince(begun) > timeoutMillis + LATE_MILLIS) {
            answer.complete(Verdict.NOT_ASKED);
        } else {
            answer.complete(unreachable == ATTEMPTS ? Verdict.UNREACHABLE : Verdict.SILENT);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
