package io.onlink.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps that bring this host's links to what its settings say: a pure function. Of addresses only those
 * that a former run has marked as ours are removed.
 */
public final class LinkPlan {
    /** What IPIP puts before each packet, in bytes: one IPv4 header without options (RFC 2003 section 3.1). */
    public static final int OVERHEAD = 20;

    /** Longest IPv4 packet, in bytes (RFC 791 section 3.1): an outer one is no longer whatever the link carries. */
    static final int LONGEST_PACKET = 65_535;

    /** Least MTU of an IPv4 link, in bytes (RFC 791 section 3.2). */
    static final int LEAST_MTU = 68;

    private LinkPlan() {}

    /** The steps, in an order that works; none if all is as it should be. */
    public static List<Change> between(Dump dump, TunnelSettings want) {
        List<Change> changes = new ArrayList<>();
        if (want.forwarding() && !dump.forwarding()) {
            changes.add(new Change.EnableForwarding());
        }
        if (!want.bridge().isEmpty()) {
            Link.Address gateway =
                    new Link.Address(want.subnet().firstHost(), want.subnet().length());
            link(dump, want.bridge(), "bridge", gateway, 0, changes);
        }
        Link.Address base = new Link.Address(want.subnet().base(), 32);
        link(dump, want.tunnel(), "ipip", base, mtu(dump, want), changes);
        return changes;
    }

    /** The tunnel's MTU in bytes; 0, leave it, while the underlay's link is not there. */
    static int mtu(Dump dump, TunnelSettings want) {
        if (want.mtu() != 0) {
            return want.mtu();
        }
        return underlay(dump, want)
                .map(link -> Math.max(LEAST_MTU, Math.min(carried(dump, want, link), LONGEST_PACKET) - OVERHEAD))
                .orElse(0);
    }

    /**
     * The MTU of the links that the outer packets leave by. Where routing is dynamic the node IP is on lo or a dummy,
     * whose own MTU says nothing, and the packets may leave by any other link: the least counts.
     */
    private static int carried(Dump dump, TunnelSettings want, Link underlay) {
        if (!underlay.isHostOnly()) {
            return underlay.mtu();
        }
        return dump.links().stream()
                .filter(link -> link.up() && !link.addresses().isEmpty() && !link.isHostOnly())
                .filter(link ->
                        !link.name().equals(want.tunnel()) && !link.name().equals(want.bridge()))
                .mapToInt(Link::mtu)
                .min()
                .orElse(underlay.mtu());
    }

    /** The link that has the node IP; the tunnel itself does not count. */
    public static Optional<Link> underlay(Dump dump, TunnelSettings want) {
        return dump.links().stream()
                .filter(link -> !link.name().equals(want.tunnel()))
                .filter(link ->
                        link.addresses().stream().anyMatch(a -> a.local().equals(want.nodeIp())))
                .findFirst();
    }

    private static void link(Dump dump, String name, String kind, Link.Address address, int mtu, List<Change> changes) {
        Optional<Link> link = dump.link(name);
        if (link.isEmpty()) {
            changes.add(new Change.CreateLink(name, kind));
        }
        if (mtu != 0 && link.map(l -> l.mtu() != mtu).orElse(true)) {
            changes.add(new Change.SetMtu(name, mtu));
        }
        if (!link.map(l -> l.has(address)).orElse(false)) {
            changes.add(new Change.AddAddress(name, address));
        }
        link.stream()
                .flatMap(l -> l.addresses().stream())
                .filter(old -> old.ours() && !old.same(address))
                .forEach(old -> changes.add(new Change.DeleteAddress(name, old)));
        if (!link.map(Link::up).orElse(false)) {
            changes.add(new Change.SetUp(name));
        }
    }
}
