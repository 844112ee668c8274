package io.onlink.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.flow.FlowControlHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: requests one after the other, each read whole and answered before the next is looked at. Whatever it
 * waits for, one deadline runs.
 */
// What comes of a close or a half-close shows as an inactive channel, so their futures tell nothing new.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Pages pages;
    private Phase phase = Phase.IDLE;
    private @Nullable HttpRequest request;
    private int bodyBytes;
    private @Nullable Future<?> deadline;

    private Connection(Pages pages) {
        this.pages = pages;
    }

    /** Nothing read of a request; reading one; a page works on it or its answer is on its way; said all there is. */
    private enum Phase {
        IDLE,
        READING,
        ANSWERING,
        CLOSING
    }

    /** Fills the pipeline of an accepted channel. */
    static void open(ChannelPipeline pipeline, Pages pages) {
        Connection connection = new Connection(pages);
        pipeline.addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object bytes) {
                connection.began(pipeline.context(connection));
                ctx.fireChannelRead(bytes);
            }
        });
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(Limits.REQUEST_LINE)
                .setMaxHeaderSize(Limits.HEADERS)
                .setMaxChunkSize(Limits.READ)));
        // Holds pipelined requests back until the one before them is answered.
        pipeline.addLast(new FlowControlHandler());
        pipeline.addLast(connection);
    }

    /** The first request must come at once: who connects to say nothing is not kept. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        await(ctx, Limits.REQUEST, ctx::close);
    }

    private void began(ChannelHandlerContext ctx) {
        if (phase == Phase.IDLE) {
            phase = Phase.READING;
            await(ctx, Limits.REQUEST, () -> refuse(ctx, 408, "The request did not end within 5 s."));
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (phase == Phase.CLOSING) {
            return;
        }
        began(ctx);
        if (message.decoderResult().isFailure()) {
            refuse(ctx, message.decoderResult().cause());
            return;
        }
        if (message instanceof HttpRequest head) {
            request = head;
            bodyBytes = 0;
        }
        if (message instanceof HttpContent body) {
            bodyBytes += body.content().readableBytes();
        }
        if (bodyBytes > Limits.BODY || announced(message) > Limits.BODY) {
            refuse(ctx, 413, "A body has at most " + Limits.BODY + " bytes; no page needs one.");
        } else if (message instanceof LastHttpContent) {
            answer(ctx);
        }
    }

    private static long announced(HttpObject message) {
        return message instanceof HttpRequest head ? HttpUtil.getContentLength(head, 0L) : 0;
    }

    private void answer(ChannelHandlerContext ctx) {
        HttpRequest asked = request;
        if (asked == null) {
            return;
        }
        phase = Phase.ANSWERING;
        ctx.channel().config().setAutoRead(false);
        await(ctx, Limits.ANSWER, () -> refuse(ctx, 503, "No answer within 30 s; the agent's log may say why."));
        String accept = String.join(",", asked.headers().getAll(HttpHeaderNames.ACCEPT));
        pages.answer(asked.method().name(), asked.uri(), accept)
                .whenComplete((answer, failure) -> ctx.executor().execute(() -> {
                    // A page that comes after its deadline, or after the client went, talks to nobody.
                    if (phase == Phase.ANSWERING && request == asked) {
                        send(ctx, answer, HttpUtil.isKeepAlive(asked));
                    }
                }));
    }

    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            refuse(ctx, 414, "A request line has at most " + Limits.REQUEST_LINE + " bytes.");
        } else if (cause instanceof TooLongHttpHeaderException) {
            refuse(ctx, 431, "Headers have at most " + Limits.HEADERS + " bytes in all.");
        } else {
            refuse(ctx, 400, "This is no HTTP/1.1 request.");
        }
    }

    private void refuse(ChannelHandlerContext ctx, int status, String why) {
        send(ctx, Answer.text(status, why), false);
    }

    private void send(ChannelHandlerContext ctx, Answer answer, boolean keep) {
        FullHttpResponse response = response(answer);
        if (answer.status() == 405 && request != null) {
            response.headers().set(HttpHeaderNames.ALLOW, pages.allowed(request.uri()));
        }
        HttpVersion version = request == null ? HttpVersion.HTTP_1_1 : request.protocolVersion();
        HttpUtil.setKeepAlive(response.headers(), version, keep);
        phase = keep ? Phase.ANSWERING : Phase.CLOSING;
        request = null;
        await(ctx, Limits.REQUEST, ctx::close);
        ctx.writeAndFlush(response).addListener(written -> {
            if (!written.isSuccess()) {
                ctx.close();
            } else if (keep) {
                // Not at once: a row of pipelined requests would pile up on the stack.
                ctx.executor().execute(() -> next(ctx));
            } else {
                finish(ctx);
            }
        });
    }

    static FullHttpResponse response(Answer answer) {
        ByteBuf body = Unpooled.wrappedBuffer(answer.body().getBytes(StandardCharsets.UTF_8));
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set("x-content-type-options", "nosniff");
        return response;
    }

    private void next(ChannelHandlerContext ctx) {
        phase = Phase.IDLE;
        await(ctx, Limits.IDLE, ctx::close);
        ctx.channel().config().setAutoRead(true);
    }

    /** Says that all is said, then reads to the end: closing with bytes unread would reset the connection. */
    private void finish(ChannelHandlerContext ctx) {
        await(ctx, Limits.LINGER, ctx::close);
        ((DuplexChannel) ctx.channel()).shutdownOutput();
        ctx.channel().config().setAutoRead(true);
    }

    private void await(ChannelHandlerContext ctx, Duration time, Runnable late) {
        cancel();
        deadline = ctx.executor().schedule(late, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        phase = Phase.CLOSING;
        cancel();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("A client's connection broke", cause);
        ctx.close();
    }
}
