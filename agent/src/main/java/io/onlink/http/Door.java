package io.onlink.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;

/** Lets a listener's clients in, up to the limit; runs on the event loop thread. */
final class Door extends ChannelInitializer<Channel> {
    private final Pages pages;
    private final ChannelGroup clients;
    private int open;

    Door(Pages pages, ChannelGroup clients) {
        this.pages = pages;
        this.clients = clients;
    }

    @Override
    protected void initChannel(Channel channel) {
        clients.add(channel);
        if (open == Limits.CONNECTIONS) {
            String why = open + " connections are open, which is the limit; try again later.";
            channel.pipeline().addLast(new HttpServerCodec());
            // From the event loop's next turn on the channel can be written to.
            channel.eventLoop()
                    .execute(() -> channel.writeAndFlush(Connection.response(Answer.text(503, why)))
                            .addListener(ChannelFutureListener.CLOSE));
            return;
        }
        open++;
        channel.closeFuture().addListener(closed -> open--);
        Connection.open(channel.pipeline(), pages);
    }
}
