package io.onlink.membership;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a host's kernel for a sign of life: TCP connection attempts, whose refusal is as good as their success. Several,
 * one a while after the other: the kernel itself repeats a lost SYN only after a second.
 */
final class HostProbe {
    static final int ATTEMPTS = 3;
    static final int APART_MILLIS = 400;

    private final Supplier<Bootstrap> sockets;
    private final InetSocketAddress where;
    private final CompletableFuture<Boolean> answer = new CompletableFuture<>();

    private HostProbe(Supplier<Bootstrap> sockets, InetSocketAddress where) {
        this.sockets = sockets;
        this.where = where;
    }

    /** Whether the kernel there answers in time; never fails. */
    static CompletableFuture<Boolean> ask(
            EventLoop loop, Supplier<Bootstrap> sockets, InetSocketAddress where, int timeoutMillis) {
        HostProbe probe = new HostProbe(sockets, where);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                int delay = attempt * APART_MILLIS;
                var unused = loop.schedule(() -> probe.attempt(timeoutMillis - delay), delay, TimeUnit.MILLISECONDS);
            }
            var unused = loop.schedule(() -> probe.answer.complete(false), timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            probe.answer.complete(false);
        }
        return probe.answer;
    }

    private void attempt(int timeoutMillis) {
        if (answer.isDone()) {
            return;
        }
        try {
            ChannelFuture attempt = sockets.get()
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(where);
            var unused = attempt.addListener(done -> {
                if (done.isSuccess() || refused(done.cause())) {
                    answer.complete(true);
                }
                var unusedClose = attempt.channel().close();
            });
        } catch (RejectedExecutionException closing) {
            answer.complete(false);
        }
    }

    /** Netty's own time-out bears the class of a refusal; no route and host unreachable have classes of their own. */
    private static boolean refused(@Nullable Throwable cause) {
        return cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
    }
}
