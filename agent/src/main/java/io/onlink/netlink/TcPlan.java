package io.onlink.netlink;

import io.onlink.guard.GuardTable;
import io.onlink.netlink.FilterMessage.Slot;
import io.onlink.netlink.TcLayout.Wanted;
import io.onlink.route.KernelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The steps from what is on one device to what should be. They are not one atomic change, so their order matters: what
 * drops all comes first, and what lets somebody in is added before something else that lets him in is taken away.
 */
final class TcPlan {
    private final TcDevice device;
    private final boolean made;
    private final List<Step> before = new ArrayList<>();
    private final List<Step> adds = new ArrayList<>();
    private final Map<Slot, BitSet> taken = new HashMap<>();

    /** Nodes that are there and not yet known to be wanted. */
    private final Map<Slot, Map<U32, Deque<FilterMessage>>> rest = new HashMap<>();

    /**
     * One request to the kernel.
     *
     * @param text as {@code tc} would be told, for errors
     */
    record Step(String text, Consumer<MessageWriter> request) {
        @Override
        public String toString() {
            return text;
        }
    }

    private TcPlan(TcDevice device, boolean made) {
        this.device = device;
        this.made = made;
    }

    /** Whether a node is ours. */
    static boolean isMarked(FilterMessage filter) {
        return filter.node() != null && (filter.node().mark() | 1) == TcLayout.MARK_MADE;
    }

    /** Whether our mark there says that we made the device's clsact. */
    static boolean saysMade(TcDevice device) {
        return device.filters().stream()
                .anyMatch(filter -> filter.node() != null && filter.node().mark() == TcLayout.MARK_MADE);
    }

    /**
     * What is to be done, in order; nothing if all is as it should be.
     *
     * @param made whether we made the device's clsact, if it has one
     * @throws KernelException if another's filter is in our place, or too many addresses end alike
     */
    static List<Step> between(TcDevice device, GuardTable table, boolean made) throws KernelException {
        refuseForeign(device);
        TcPlan plan = new TcPlan(device, made || !device.hooked());
        return plan.steps(device.tunnel() ? TcLayout.tunnel(table) : TcLayout.underlay(table));
    }

    private List<Step> steps(List<Wanted> wanted) throws KernelException {
        for (FilterMessage filter : device.filters()) {
            if (filter.node() != null) {
                Slot slot = slot(filter);
                taken.computeIfAbsent(slot, any -> new BitSet()).set(filter.place());
                rest.computeIfAbsent(slot, any -> new HashMap<>())
                        .computeIfAbsent(unmarked(filter.node()), any -> new ArrayDeque<>())
                        .add(filter);
            }
        }
        if (!device.hooked()) {
            before.add(new Step(
                    "tc qdisc add dev " + device.name() + " clsact",
                    request -> QdiscMessage.writeClsact(request, device.index())));
        }
        List<Wanted> missing = new ArrayList<>();
        for (Wanted one : wanted) {
            if (!isThere(one)) {
                missing.add(one);
            }
        }
        for (Wanted one : missing) {
            if (one.isLast()) {
                add(one);
            }
        }
        if (!device.tunnel()) {
            addTables();
        }
        for (Wanted one : missing) {
            if (!one.isLast()) {
                add(one);
            }
        }
        List<Step> all = new ArrayList<>(before);
        all.addAll(adds);
        rest.values().forEach(nodes -> nodes.values().forEach(same -> same.forEach(node -> all.add(delete(node)))));
        return all;
    }

    private boolean isThere(Wanted one) {
        Deque<FilterMessage> same =
                rest.getOrDefault(one.slot(), Map.of()).getOrDefault(one.node(), new ArrayDeque<>());
        for (FilterMessage node : same) {
            if (node.place() >= one.low() && node.place() <= one.high()) {
                same.remove(node);
                return true;
            }
        }
        return false;
    }

    private void addTables() {
        for (Slot table : TcLayout.tables()) {
            if (device.filters().stream().noneMatch(filter -> isTable(filter, table))) {
                adds.add(step(
                        "add",
                        table,
                        " divisor " + TcLayout.BUCKETS,
                        request -> FilterMessage.writeTable(request, device.index(), table, TcLayout.BUCKETS)));
            }
        }
    }

    private void add(Wanted one) throws KernelException {
        BitSet places = taken.computeIfAbsent(one.slot(), any -> new BitSet());
        int place = places.nextClearBit(one.low());
        if (place > one.high()) {
            place = one.low();
            before.add(evict(one, place));
        }
        places.set(place);
        int at = place;
        U32 node = one.isLast() && made ? marked(one.node()) : one.node();
        adds.add(step(
                "add",
                one.slot(),
                " " + node,
                request -> FilterMessage.writeNode(request, device.index(), one.slot(), at, node)));
    }

    /** What is in a place that something else must have goes first. */
    private Step evict(Wanted one, int place) throws KernelException {
        for (Deque<FilterMessage> same : rest.getOrDefault(one.slot(), Map.of()).values()) {
            for (FilterMessage node : same) {
                if (node.place() == place) {
                    same.remove(node);
                    return delete(node);
                }
            }
        }
        throw new KernelException(
                "the packet guard by tc takes no more than " + TcLayout.PER_BUCKET
                        + " subnets of peers whose node IPs end in the same octet, or of this node; use nftables",
                "");
    }

    private Step delete(FilterMessage node) {
        Slot slot = slot(node);
        return step(
                "del",
                slot,
                " " + node.node(),
                request -> FilterMessage.writeDelete(request, device.index(), slot, node.handle()));
    }

    private Step step(String verb, Slot slot, String what, Consumer<MessageWriter> request) {
        return new Step("tc filter " + verb + " dev " + device.name() + " ingress " + slot + what, request);
    }

    private static Slot slot(FilterMessage filter) {
        return new Slot(filter.pref(), filter.protocol(), filter.table(), filter.bucket());
    }

    private static U32 unmarked(U32 node) {
        return node.mark() == TcLayout.MARK_MADE
                ? new U32(node.matches(), node.jump(), node.drop(), TcLayout.MARK)
                : node;
    }

    private static U32 marked(U32 node) {
        return new U32(node.matches(), node.jump(), node.drop(), TcLayout.MARK_MADE);
    }

    /** A preference is another's if it holds what is no u32 of our protocol, or nodes and none of ours. */
    private static void refuseForeign(TcDevice device) throws KernelException {
        for (FilterMessage filter : device.filters()) {
            boolean fits = TcLayout.filters(device.tunnel()).stream()
                    .anyMatch(ours -> ours.pref() == filter.pref() && ours.protocol() == filter.protocol());
            boolean alone = filter.node() != null
                    && device.filters().stream().noneMatch(other -> other.pref() == filter.pref() && isMarked(other));
            if (!filter.kind().equals(FilterMessage.U32_KIND) || !fits || alone) {
                throw new KernelException(
                        "the packet guard needs preferences " + TcLayout.FIRST + " to " + TcLayout.END + " of "
                                + device.name() + "'s ingress filters, and " + filter.pref() + " has a " + filter.kind()
                                + " filter of somebody else; move that one to another preference",
                        "EEXIST");
            }
        }
    }

    /** Takes all of our nodes from a device, those that pass first. */
    static List<Step> emptying(TcDevice device) {
        TcPlan plan = new TcPlan(device, false);
        List<Step> steps = new ArrayList<>();
        for (FilterMessage filter : device.filters()) {
            if (isMarked(filter) && filter.pref() < TcLayout.LAST) {
                steps.add(plan.delete(filter));
            }
        }
        return steps;
    }

    /**
     * Takes the tables from a device. The kernel refuses that (EBUSY) until it has wholly forgotten the nodes that led
     * there, a moment after they went. A table that stays goes with the last u32 filter of the device, or is used again.
     */
    static List<Step> tables(TcDevice device) {
        TcPlan plan = new TcPlan(device, false);
        List<Step> steps = new ArrayList<>();
        for (Slot table : TcLayout.tables()) {
            if (device.filters().stream().anyMatch(filter -> isTable(filter, table)) && ours(device)) {
                steps.add(plan.step(
                        "del",
                        table,
                        "",
                        request -> FilterMessage.writeDelete(request, device.index(), table, table.table())));
            }
        }
        return steps;
    }

    /** Takes our filters from a device, the one that drops all last. */
    static List<Step> filters(TcDevice device) {
        TcPlan plan = new TcPlan(device, false);
        List<Step> steps = new ArrayList<>();
        for (Slot filter : TcLayout.filters(device.tunnel())) {
            if (device.filters().stream().anyMatch(one -> one.pref() == filter.pref()) && ours(device)) {
                steps.add(plan.step(
                        "del", filter, "", request -> FilterMessage.writeDelete(request, device.index(), filter, 0)));
            }
        }
        return steps;
    }

    private static boolean ours(TcDevice device) {
        return device.filters().stream().anyMatch(TcPlan::isMarked);
    }

    private static boolean isTable(FilterMessage filter, Slot table) {
        return filter.divisor() != 0 && filter.table() == table.table() && filter.pref() == table.pref();
    }

    /** Takes away a clsact. */
    static Step unhook(TcDevice device) {
        return new Step(
                "tc qdisc del dev " + device.name() + " clsact",
                request -> QdiscMessage.writeDelete(request, device.index()));
    }
}
