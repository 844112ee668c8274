package io.onlink.netlink;

import io.onlink.route.KernelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A device that the guard is to be on, or is on, and what is there.
 *
 * @param tunnel whether it is the tunnel's own
 * @param wanted whether the guard is to be there
 * @param hooked whether it has a clsact or ingress qdisc
 * @param filters at our preferences, in the kernel's order
 */
record TcDevice(int index, String name, boolean tunnel, boolean wanted, boolean hooked, List<FilterMessage> filters) {
    /** The part of a handle that names a table. */
    private static final int TABLE = 0xfff00000;

    private static final int LOOPBACK = 1;

    TcDevice {
        filters = List.copyOf(filters);
    }

    /** A link, as far as it matters here ({@code struct ifinfomsg}). */
    private record Port(int index, String name, String kind, int master, int flags) {
        static Port decode(MessageReader message) throws NetlinkException {
            LinkMessage link = LinkMessage.decode(message);
            AttributeReader attributes = message.attributes(16);
            int master = 0;
            while (attributes.next()) {
                master = attributes.type() == TcUapi.IFLA_MASTER ? attributes.number() : master;
            }
            return new Port(link.index(), link.name(), link.kind(), master, message.number(8));
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /**
     * All that have to do with the guard.
     *
     * <p>Tunnel packets may come by any device, whatever the routes say, so it is to be on every one that is up, but for
     * loopback, which only this host's own processes send by, and ports of a bridge or a bond, whose packets for this
     * host arrive a second time by the bridge or bond, while those that are only bridged concern nobody here. Those of a
     * VRF do not arrive twice.
     */
    static List<TcDevice> all(NetlinkConnection connection, String tunnel) throws KernelException {
        LinkMessage.requestDump(connection.request());
        List<Port> ports = values(connection.dump(Uapi.RTM_NEWLINK, Port::decode), "list the links");
        QdiscMessage.requestDump(connection.request());
        List<QdiscMessage> qdiscs =
                values(connection.dump(TcUapi.RTM_NEWQDISC, QdiscMessage::decode), "list the qdiscs");
        Map<Integer, Boolean> hooks = new HashMap<>();
        qdiscs.forEach(qdisc -> hooks.merge(qdisc.device(), qdisc.takesIngressFilters(), Boolean::logicalOr));
        Map<Integer, String> kinds = new HashMap<>();
        ports.forEach(port -> kinds.put(port.index, port.kind));
        List<TcDevice> devices = new ArrayList<>();
        for (Port port : ports) {
            boolean isTunnel = port.name.equals(tunnel);
            boolean hooked = hooks.getOrDefault(port.index, false);
            List<FilterMessage> ours = hooked ? ours(filters(connection, port.index, TcUapi.TC_H_INGRESS)) : List.of();
            boolean enslaved =
                    port.master != 0 && !kinds.getOrDefault(port.master, "").equals("vrf");
            boolean up = port.has(Uapi.IFF_UP) || ours.stream().anyMatch(TcPlan::isMarked);
            boolean wanted = isTunnel || (up && !enslaved && !port.has(TcUapi.IFF_LOOPBACK));
            if (wanted || !ours.isEmpty()) {
                devices.add(new TcDevice(port.index, port.name, isTunnel, wanted, hooked, ours));
            }
        }
        return devices;
    }

    /**
     * The index of a link to try filters on: one that is down if there is any, for where a link that is up gets its first
     * ingress filter, or loses its last, some kernels drop what it sends meanwhile; else loopback.
     */
    static int forTrial(NetlinkConnection connection) throws KernelException {
        LinkMessage.requestDump(connection.request());
        return values(connection.dump(Uapi.RTM_NEWLINK, Port::decode), "list the links").stream()
                .filter(port -> !port.has(Uapi.IFF_UP))
                .findFirst()
                .map(Port::index)
                .orElse(LOOPBACK);
    }

    /**
     * Those at our preferences. Of u32 the kernel tells with a filter the nodes of any other of the same preference, also
     * of one for what leaves by the device: roots that hold none of ours, beside one that does, are such.
     */
    static List<FilterMessage> ours(List<FilterMessage> filters) {
        Set<Integer> roots = new HashSet<>();
        Set<Integer> prefs = new HashSet<>();
        for (FilterMessage filter : filters) {
            if (TcPlan.isMarked(filter) && filter.table() == FilterMessage.ROOT) {
                roots.add(filter.handle() & TABLE);
                prefs.add(filter.pref());
            }
        }
        return filters.stream()
                .filter(filter -> filter.chain() == 0 && TcLayout.owns(filter.pref()))
                .filter(filter -> filter.table() != FilterMessage.ROOT
                        || filter.handle() == 0
                        || !prefs.contains(filter.pref())
                        || roots.contains(filter.handle() & TABLE))
                .toList();
    }

    /** All filters before what arrives, or leaves, by that device; none if it is gone. */
    static List<FilterMessage> filters(NetlinkConnection connection, int device, int parent) throws KernelException {
        FilterMessage.requestDump(connection.request(), device, parent);
        NetlinkConnection.Answer<FilterMessage> answer = connection.dump(TcUapi.RTM_NEWTFILTER, FilterMessage::decode);
        Refusal refusal = answer.refusal();
        if (refusal != null && (refusal.errno() == Errno.ENODEV || refusal.errno() == Errno.EINVAL)) {
            return List.of();
        }
        return values(answer, "list the filters of device " + device);
    }

    private static <T> List<T> values(NetlinkConnection.Answer<T> answer, String what) throws KernelException {
        if (answer.refusal() != null) {
            throw answer.refusal().of(what);
        }
        return answer.values();
    }
}
