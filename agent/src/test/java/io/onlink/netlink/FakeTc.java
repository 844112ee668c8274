package io.onlink.netlink;

import io.onlink.netlink.TcPlan.Step;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A device's ingress filters as the kernel keeps them: takes the octets of our requests, and judges packets. */
final class FakeTc {
    /** Roots as the kernel might number them. */
    private static final int FIRST_ROOT = 0x80100000;

    private static final int TABLE = 0xfff00000;

    /** Octets of the ethernet header that are kept, before the packet. */
    private static final int BEFORE = 4;

    private final boolean tunnel;
    private final Map<Integer, FilterMessage> filters = new TreeMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    private boolean hooked;

    FakeTc(boolean tunnel) {
        this.tunnel = tunnel;
    }

    /** What a dump tells. */
    TcDevice device() {
        return new TcDevice(7, tunnel ? "tunl0" : "eth0", tunnel, true, hooked, List.copyOf(filters.values()));
    }

    /** Takes one request; refuses what the kernel would. */
    void take(Step step) throws NetlinkException {
        MessageWriter writer = new MessageWriter(buffer);
        step.request().accept(writer);
        MessageReader message = new MessageReader(buffer, writer.length());
        while (message.next()) {
            switch (message.type()) {
                case TcUapi.RTM_NEWQDISC -> hooked = true;
                case TcUapi.RTM_NEWTFILTER -> add(message);
                case TcUapi.RTM_DELTFILTER -> delete(FilterMessage.decode(message));
                default -> throw new IllegalArgumentException("type " + message.type());
            }
        }
    }

    private void add(MessageReader message) throws NetlinkException {
        FilterMessage filter = FilterMessage.decode(message);
        int root = FIRST_ROOT + (filter.pref() << 20);
        put(new FilterMessage(filter.pref(), filter.protocol(), 0, "u32", root, 1, null), true);
        int hash = hash(message);
        int handle =
                filter.divisor() != 0 ? filter.handle() : (hash == TcUapi.TC_U32_ROOT ? root : hash) | filter.place();
        if (filter.divisor() == 0 && hash != TcUapi.TC_U32_ROOT && !filters.containsKey(hash & TABLE)) {
            throw new IllegalStateException("no table " + Integer.toHexString(hash));
        }
        if (filter.node() != null
                && filter.node().jump() != null
                && !filters.containsKey(filter.node().jump().table())) {
            throw new IllegalStateException("a link to no table");
        }
        put(
                new FilterMessage(filter.pref(), filter.protocol(), 0, "u32", handle, filter.divisor(), filter.node()),
                false);
    }

    private void put(FilterMessage filter, boolean again) {
        if (filters.putIfAbsent(filter.handle(), filter) != null && !again) {
            throw new IllegalStateException("taken: " + filter);
        }
    }

    /** The table and bucket that a node is to be in (TCA_U32_HASH). */
    private static int hash(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(QdiscMessage.FIXED);
        while (attributes.next()) {
            if (attributes.type() == TcUapi.TCA_OPTIONS) {
                AttributeReader options = attributes.nest();
                while (options.next()) {
                    if (options.type() == TcUapi.TCA_U32_HASH) {
                        return options.number();
                    }
                }
            }
        }
        return 0;
    }

    private void delete(FilterMessage named) {
        boolean gone = named.handle() == 0
                ? filters.values().removeIf(one -> one.pref() == named.pref())
                : filters.remove(named.handle()) != null;
        if (!gone) {
            throw new IllegalStateException("no such filter: " + named);
        }
    }

    /** Somebody else's doing. */
    Map<Integer, FilterMessage> filters() {
        return filters;
    }

    /** What becomes of an IPv4 packet: {@code pass}, or the index of the action that drops it; {@code pass} if nothing fits. */
    String judge(int protocol, byte[] packet) {
        return judge(protocol, TcUapi.ETH_P_IP, packet);
    }

    /** The same of a packet, or of a tag and more, of which the ethernet header says that it is of that type. */
    String judge(int protocol, int type, byte[] after) {
        byte[] packet = ByteBuffer.allocate(BEFORE + after.length)
                .putShort((short) 0x0266)
                .putShort((short) type)
                .put(after)
                .array();
        for (int pref = 1; pref < 20; pref++) {
            int at = pref;
            FilterMessage root = filters.values().stream()
                    .filter(one -> one.pref() == at && one.divisor() == 1)
                    .filter(one -> one.protocol() == protocol || one.protocol() == TcUapi.ETH_P_ALL)
                    .findFirst()
                    .orElse(null);
            String verdict = root == null ? null : walk(root.handle(), 0, ByteBuffer.wrap(packet));
            if (verdict != null && !verdict.equals("short")) {
                return verdict;
            }
        }
        return "pass";
    }

    private @Nullable String walk(int table, int bucket, ByteBuffer packet) {
        List<FilterMessage> nodes = new ArrayList<>(filters.values().stream()
                .filter(one -> one.node() != null && (one.handle() & TABLE) == table && one.bucket() == bucket)
                .toList());
        nodes.sort(Comparator.comparingInt(FilterMessage::place));
        for (FilterMessage one : nodes) {
            U32 node = one.node();
            if (node.matches().stream().anyMatch(match -> BEFORE + match.offset() + 4 > packet.capacity())) {
                return "short";
            }
            boolean fits = node.matches().stream()
                    .allMatch(match -> ((packet.getInt(BEFORE + match.offset()) ^ match.value()) & match.mask()) == 0);
            if (fits && node.jump() != null) {
                int word = packet.getInt(BEFORE + node.jump().offset())
                        & node.jump().mask();
                String verdict = walk(node.jump().table(), word & 0xff, packet);
                if (verdict != null) {
                    return verdict;
                }
            } else if (fits) {
                return node.drop() == 0 ? "pass" : Integer.toString(node.drop());
            }
        }
        return null;
    }
}
