package io.onlink.membership;

import io.onlink.seal.PacketRefusal;
import io.onlink.swim.Tally;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The running counts behind {@link GossipCounters}; any thread. */
final class Traffic {
    final LongAdder datagramsReceived = new LongAdder();
    final LongAdder datagramsSent = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder sessions = new LongAdder();
    final LeftBehind leftBehind = new LeftBehind();

    /** Written by the event loop alone. */
    volatile Tally tally = Tally.NONE;

    private final Map<PacketRefusal, LongAdder> refused = new EnumMap<>(PacketRefusal.class);

    Traffic() {
        for (PacketRefusal why : PacketRefusal.values()) {
            refused.put(why, new LongAdder());
        }
    }

    /** Counts something thrown away; allocates nothing. */
    void refused(PacketRefusal why) {
        LongAdder count = refused.get(why);
        if (count != null) {
            count.increment();
        }
    }

    GossipCounters snapshot() {
        Map<PacketRefusal, Long> byReason = new EnumMap<>(PacketRefusal.class);
        refused.forEach((why, count) -> byReason.put(why, count.sum()));
        return new GossipCounters(
                datagramsReceived.sum(),
                datagramsSent.sum(),
                bytesReceived.sum(),
                bytesSent.sum(),
                sessions.sum(),
                byReason,
                leftBehind.counts(System.nanoTime()),
                tally);
    }
}
