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

    private final Supplier<Bootstrap> sockets;
    private final InetSocketAddress where;
    private final CompletableFuture<Verdict> answer = new CompletableFuture<>();
    private final long begun = System.nanoTime();
    private int unreachable;

    /** Not of the loop alone: a socket that cannot be made fails on a thread of Netty's. */
    private volatile boolean local;

    private HostProbe(Supplier<Bootstrap> sockets, InetSocketAddress where) {
        this.sockets = sockets;
        this.where = where;
    }

    /** What the kernel there says in time; never fails. */
    static CompletableFuture<Verdict> ask(
            EventLoop loop, Supplier<Bootstrap> sockets, InetSocketAddress where, int timeoutMillis) {
        HostProbe probe = new HostProbe(sockets, where);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                int delay = attempt * APART_MILLIS;
                var unused = loop.schedule(() -> probe.attempt(timeoutMillis - delay), delay, TimeUnit.MILLISECONDS);
            }
            var unused = loop.schedule(() -> probe.end(timeoutMillis), timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            probe.answer.complete(Verdict.NOT_ASKED);
        }
        return probe.answer;
    }

    private void attempt(int timeoutMillis) {
        if (answer.isDone()) {
            return;
        }
        long asked = System.nanoTime();
        try {
            ChannelFuture attempt = sockets.get()
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
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

    private void end(int timeoutMillis) {
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
