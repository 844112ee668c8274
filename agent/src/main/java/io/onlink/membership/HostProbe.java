package io.onlink.membership;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Asks a host's kernel for a sign of life: a TCP connection attempt, whose refusal is as good as its success. */
final class HostProbe {
    private HostProbe() {}

    /** Whether the kernel there answers in time; never fails. */
    static CompletableFuture<Boolean> ask(Bootstrap socket, InetSocketAddress where, int timeoutMillis) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        try {
            ChannelFuture attempt = socket.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(where);
            var unused = attempt.addListener(done -> {
                answer.complete(done.isSuccess() || refused(done.cause()));
                var unusedClose = attempt.channel().close();
            });
        } catch (RejectedExecutionException closing) {
            answer.complete(false);
        }
        return answer;
    }

    /** Netty's own time-out bears the class of a refusal; no route and host unreachable have classes of their own. */
    private static boolean refused(@Nullable Throwable cause) {
        return cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
    }
}
