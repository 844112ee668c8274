package io.onlink.netlink;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What was asked of the kernel, and how often it said no. Written by the connection's thread, read by any. */
public final class NetlinkCounts {
    private static final Map<Integer, String> TYPES = Map.ofEntries(
            Map.entry(Uapi.RTM_GETLINK, "get"),
            Map.entry(Uapi.RTM_GETADDR, "get"),
            Map.entry(Uapi.RTM_GETROUTE, "get"),
            Map.entry(Uapi.RTM_GETNEXTHOP, "get"),
            Map.entry(Uapi.RTM_NEWLINK, "newlink"),
            Map.entry(Uapi.RTM_NEWADDR, "newaddr"),
            Map.entry(Uapi.RTM_DELADDR, "deladdr"),
            Map.entry(Uapi.RTM_NEWROUTE, "newroute"),
            Map.entry(Uapi.RTM_DELROUTE, "delroute"),
            Map.entry(Uapi.RTM_NEWNEXTHOP, "newnexthop"),
            Map.entry(Uapi.RTM_DELNEXTHOP, "delnexthop"));

    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder interrupted = new LongAdder();

    /** The messages in the first octets of the buffer are sent now. */
    void sent(ByteBuffer messages, int length) {
        int at = 0;
        while (length - at >= MessageReader.HEADER) {
            String type = TYPES.get(Short.toUnsignedInt(messages.getShort(at + 4)));
            count(requests, type == null ? "other" : type);
            at += Math.max(MessageReader.HEADER, messages.getInt(at)) + 3 & ~3;
        }
    }

    /** A request was refused, or talking to the kernel failed. */
    void failed(String errno) {
        count(errors, errno.isEmpty() ? "other" : errno);
    }

    /** A dump has to be asked for again. */
    void interrupted() {
        interrupted.increment();
    }

    private static void count(Map<String, LongAdder> counts, String name) {
        counts.computeIfAbsent(name, n -> new LongAdder()).increment();
    }

    /** Messages sent, by type in lower case without {@code RTM_}; dumps of whatever are {@code get}. */
    public Map<String, Long> requests() {
        return sums(requests);
    }

    /** Refusals and failures, by the errno's name. */
    public Map<String, Long> errors() {
        return sums(errors);
    }

    /** Dumps that were asked for again because the tables changed meanwhile (NLM_F_DUMP_INTR). */
    public long interruptedDumps() {
        return interrupted.sum();
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new HashMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }
}
