package io.onlink.membership;

import java.util.concurrent.atomic.LongAdder;

/** The running counts behind {@link GossipCounters}; any thread. */
final class Traffic {
    final LongAdder datagramsReceived = new LongAdder();
    final LongAdder datagramsSent = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder rejected = new LongAdder();

    GossipCounters snapshot() {
        return new GossipCounters(
                datagramsReceived.sum(), datagramsSent.sum(), bytesReceived.sum(), bytesSent.sum(), rejected.sum());
    }
}
