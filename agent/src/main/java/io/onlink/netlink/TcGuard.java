package io.onlink.netlink;

import io.onlink.guard.DropReason;
import io.onlink.guard.Guard;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardCounts;
import io.onlink.guard.GuardDiff;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.netlink.TcPlan.Step;
import io.onlink.route.KernelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The packet guard by traffic control: filters before all that arrives, for kernels whose nftables cannot do it.
 *
 * <p>It sees every IPIP packet that arrives, those that this host would only forward too: what is not a member's is
 * dropped. Filters at preferences 1 to 3 come before it; those after it do not see members' tunnel packets.
 * What IPsec decrypts in transport mode it does not see: that never arrives by a device.
 *
 * <p>A change is many requests to the kernel, and never lets more in on the way than before or after.
 */
public final class TcGuard implements Guard {
    /** Requests sent at once: the longest has some 330 octets. */
    private static final int BATCH = 24;

    /** Looks and repairs in one change; a second is needed where tables outlived their filter. */
    private static final int ROUNDS = 4;

    /** Room for a thousand notifications; the kernel doubles it. */
    private static final int HEARING = 1024 * 1024;

    /** How often the kernel is asked to take away what it may still use, and the time between. */
    private static final int PATIENCE = 100;

    private static final int PAUSE_MILLIS = 5;

    private final String tunnel;
    private final NetlinkConnection connection;
    private final NetlinkConnection counters;
    private final LibC.Block nothing = new LibC.Block(Long.BYTES);

    /** Devices whose clsact this run has made; the mark in the filters says so to the next run. */
    private final Set<Integer> made = new HashSet<>();

    /** Devices that bore the guard when last looked at. */
    private final Set<Integer> known = new HashSet<>();

    /** What was last applied, for as long as there is no tunnel to read it from. */
    private Set<Ipv4Prefix> own = Set.of();

    private TcGuard(String tunnel, NetlinkConnection connection, NetlinkConnection counters) {
        this.tunnel = tunnel;
        this.connection = connection;
        this.counters = counters;
    }

    /**
     * Opens a conversation with the kernel, in the calling thread's network namespace.
     *
     * @param tunnel name of the tunnel's link, which need not be there yet
     */
    public static TcGuard open(String tunnel) throws KernelException {
        NetlinkConnection connection = NetlinkConnection.open();
        try {
            return new TcGuard(tunnel, connection, NetlinkConnection.open());
        } catch (KernelException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * On a link that is down if there is one: clsact, u32 and gact, with a filter that fits no packet. Where a guard of a
     * former run stands it is plain that the kernel can.
     */
    @Override
    public void probe() throws KernelException {
        if (reading(TcDevice.all(connection, tunnel)).standing() != GuardReading.Standing.ABSENT) {
            return;
        }
        int device = TcDevice.forTrial(connection);
        QdiscMessage.writeClsact(connection.request(), device);
        Refusal hook = refusal();
        if (hook != null && hook.errno() != Errno.EEXIST) {
            throw hook.of("tc qdisc add dev lo clsact (CONFIG_NET_SCH_INGRESS)");
        }
        Refusal refusal = null;
        if (hook == null) {
            TcLayout.Wanted trial = TcLayout.trial();
            FilterMessage.writeNode(connection.request(), device, trial.slot(), trial.low(), trial.node());
            refusal = refusal();
            QdiscMessage.writeDelete(connection.request(), device);
            refusal();
        }
        GactMessage.writeDelete(connection.request(), TcLayout.action(DropReason.MALFORMED));
        refusal();
        if (refusal != null) {
            throw refusal.of("tc filter add dev lo ingress u32 action drop (CONFIG_NET_CLS_U32, CONFIG_NET_ACT_GACT)");
        }
    }

    @Override
    public String backend() {
        return "tc";
    }

    /** Devices that have come since the last look, a container's for example, get at once what the others have. */
    @Override
    public GuardReading read() throws KernelException {
        List<TcDevice> devices = TcDevice.all(connection, tunnel);
        GuardReading reading = reading(devices);
        if (reading.standing() == GuardReading.Standing.ALTERED) {
            List<TcDevice> fresh = devices.stream().filter(this::isFresh).toList();
            List<TcDevice> others =
                    devices.stream().filter(device -> !fresh.contains(device)).toList();
            boolean told = !fresh.isEmpty() && others.stream().anyMatch(device -> !device.tunnel());
            GuardReading standing = reading(others);
            if (told && standing.standing() == GuardReading.Standing.INTACT) {
                extend(fresh, standing.table());
                devices = TcDevice.all(connection, tunnel);
                reading = reading(devices);
            }
        }
        know(devices);
        return reading;
    }

    private void extend(List<TcDevice> fresh, GuardTable table) throws KernelException {
        Set<Integer> indexes = fresh.stream().map(TcDevice::index).collect(Collectors.toSet());
        List<Step> steps = steps(fresh, table);
        for (int round = 0; round < ROUNDS && !steps.isEmpty(); round++) {
            make(steps);
            List<TcDevice> now = TcDevice.all(connection, tunnel).stream()
                    .filter(device -> indexes.contains(device.index()))
                    .toList();
            steps = steps(now, table);
        }
    }

    private boolean isFresh(TcDevice device) {
        return device.wanted()
                && !known.contains(device.index())
                && device.filters().isEmpty();
    }

    private void know(List<TcDevice> devices) {
        known.clear();
        devices.stream()
                .filter(device -> device.filters().stream().anyMatch(TcPlan::isMarked))
                .forEach(device -> known.add(device.index()));
    }

    private GuardReading reading(List<TcDevice> devices) throws KernelException {
        if (devices.stream().noneMatch(device -> device.filters().stream().anyMatch(TcPlan::isMarked))) {
            return TcActions.find(connection, DropReason.NESTED) == null ? GuardReading.ABSENT : GuardReading.ALTERED;
        }
        GuardTable table = table(devices);
        for (TcDevice device : devices) {
            try {
                if (!device.wanted()
                        || !TcPlan.between(device, table, made(device)).isEmpty()) {
                    return GuardReading.ALTERED;
                }
            } catch (KernelException e) {
                // Another's filter in our place; whoever applies is told so.
                return GuardReading.ALTERED;
            }
        }
        return GuardReading.intact(table);
    }

    /** What is let in by the first device of the underlay, which all others must equal, and by the tunnel's. */
    private GuardTable table(List<TcDevice> devices) {
        Set<Pair> pairs = new TreeSet<>();
        Set<Ipv4Prefix> destinations = new TreeSet<>();
        boolean hasTunnel = false;
        boolean first = true;
        for (TcDevice device : devices) {
            if (device.tunnel()) {
                hasTunnel = true;
                device.filters().stream()
                        .filter(TcPlan::isMarked)
                        .forEach(filter -> TcLayout.own(filter).ifPresent(destinations::add));
            } else if (device.wanted() && first) {
                first = false;
                device.filters().stream()
                        .filter(TcPlan::isMarked)
                        .forEach(filter -> TcLayout.pair(filter).ifPresent(pairs::add));
            }
        }
        return GuardTable.of(pairs, hasTunnel ? destinations : own);
    }

    @Override
    public void apply(GuardChange change) throws KernelException {
        GuardTable target = change instanceof GuardChange.Rewrite rewrite
                ? rewrite.table()
                : GuardDiff.after(table(TcDevice.all(connection, tunnel)), change);
        own = target.own();
        Refusals refused = new Refusals();
        for (int round = 0; round < ROUNDS; round++) {
            List<TcDevice> devices = TcDevice.all(connection, tunnel);
            clear(devices.stream().filter(device -> !device.wanted()).toList());
            List<Step> steps = steps(devices, target);
            if (steps.isEmpty()) {
                know(devices);
                return;
            }
            refused = make(steps);
        }
        if (!steps(TcDevice.all(connection, tunnel), target).isEmpty()) {
            throw refused.first == null
                    ? new KernelException("the packet guard's filters are changed by somebody else all the time", "")
                    : refused.first;
        }
    }

    private List<Step> steps(List<TcDevice> devices, GuardTable target) throws KernelException {
        List<Step> steps = TcActions.repairs(connection);
        for (TcDevice device : devices) {
            if (!device.hooked()) {
                made.remove(device.index());
            }
            if (device.wanted()) {
                steps.addAll(TcPlan.between(device, target, made(device)));
                if (!device.hooked()) {
                    made.add(device.index());
                }
            }
        }
        return steps;
    }

    private boolean made(TcDevice device) {
        return made.contains(device.index()) || TcPlan.saysMade(device);
    }

    /** The first step that was refused, if any. */
    private static final class Refusals {
        @Nullable
        KernelException first;
    }

    /** Sends the steps, a batch at a time, and leaves those that were refused in the list; a device that has gone meanwhile is no error, as the next look shows. */
    private Refusals make(List<Step> steps) throws KernelException {
        Refusals refused = new Refusals();
        List<Step> not = new ArrayList<>();
        for (int from = 0; from < steps.size(); from += BATCH) {
            List<Step> batch = steps.subList(from, Math.min(from + BATCH, steps.size()));
            MessageWriter request = connection.request();
            batch.forEach(step -> step.request().accept(request));
            Map<Integer, Refusal> refusals = connection.exchange(message -> null);
            for (Map.Entry<Integer, Refusal> entry : refusals.entrySet()) {
                KernelException why = entry.getValue().of("guard: " + batch.get(entry.getKey()));
                refused.first = refused.first == null ? why : refused.first;
                not.add(batch.get(entry.getKey()));
            }
        }
        steps.clear();
        steps.addAll(not);
        return refused;
    }

    @Override
    public void remove() throws KernelException {
        List<TcDevice> devices = TcDevice.all(connection, tunnel);
        Refusals refused = clear(devices);
        Refusals last = insist(TcActions.removal(connection));
        KernelException first = refused.first == null ? last.first : refused.first;
        if (first != null) {
            throw first;
        }
    }

    /** Makes steps that the kernel refuses until it has done with what used the things that go, some time after. */
    private Refusals insist(List<Step> steps) throws KernelException {
        List<Step> left = new ArrayList<>(steps);
        Refusals refused = make(left);
        for (int tries = 1; !left.isEmpty() && tries < PATIENCE; tries++) {
            LibC.poll(nothing, 0, PAUSE_MILLIS);
            refused = make(left);
        }
        return refused;
    }

    /** Takes all of ours from the devices, and the clsact if we made it and nothing else is in it. */
    private Refusals clear(List<TcDevice> devices) throws KernelException {
        List<Step> steps = new ArrayList<>();
        devices.forEach(device -> steps.addAll(TcPlan.emptying(device)));
        make(steps);
        steps.clear();
        devices.forEach(device -> steps.addAll(TcPlan.tables(device)));
        insist(steps);
        steps.clear();
        devices.forEach(device -> steps.addAll(TcPlan.filters(device)));
        Refusals refused = make(steps);
        steps.clear();
        for (TcDevice device : devices) {
            if (device.hooked() && made(device) && isEmpty(device)) {
                steps.add(TcPlan.unhook(device));
            }
            made.remove(device.index());
        }
        Refusals last = make(steps);
        return refused.first == null ? last : refused;
    }

    private boolean isEmpty(TcDevice device) throws KernelException {
        return TcDevice.filters(connection, device.index(), TcUapi.TC_H_INGRESS).isEmpty()
                && TcDevice.filters(connection, device.index(), TcUapi.TC_H_EGRESS)
                        .isEmpty();
    }

    @Override
    public GuardCounts counts(boolean peers) throws KernelException {
        synchronized (counters) {
            return new GuardCounts(TcActions.counts(counters), Map.of());
        }
    }

    private @Nullable Refusal refusal() throws KernelException {
        return connection.exchange(message -> null).get(0);
    }

    @Override
    public Watch watch(Runnable changed) throws KernelException {
        KernelMonitor monitor = KernelMonitor.start(
                port -> port == connection.port(), new NftGuard.Told(changed), TcGuard::hear, TcGuard::matters);
        return monitor::close;
    }

    private static NetlinkSocket hear() throws KernelException {
        NetlinkSocket socket = NetlinkSocket.open(Uapi.NETLINK_ROUTE, HEARING);
        try {
            socket.join(TcUapi.RTNLGRP_TC);
            return socket;
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
    }

    /** Whether a notification may be about the guard; that of a link is heard elsewhere. */
    static boolean matters(MessageReader message) throws NetlinkException {
        return switch (message.type()) {
            case TcUapi.RTM_NEWTFILTER, TcUapi.RTM_DELTFILTER ->
                TcLayout.owns(FilterMessage.decode(message).pref());
            case TcUapi.RTM_NEWQDISC, TcUapi.RTM_DELQDISC ->
                QdiscMessage.decode(message).takesIngressFilters();
            case TcUapi.RTM_NEWACTION -> {
                GactMessage action = GactMessage.decode(message);
                yield action != null && TcLayout.isAction(action.index());
            }
            default -> false;
        };
    }

    @Override
    public void close() {
        connection.close();
        synchronized (counters) {
            counters.close();
        }
    }
}
