package io.onlink.route;

import io.onlink.inet.Ipv4;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    /** The ipip module's fallback device, the one ipip link that may have no local address. */
    static final String FALLBACK = "tunl0";

    /** Kinds that stand in for the fallback device where there is no ipip, by its name only. */
    private static final Set<String> STAND_INS = Set.of("tun", "veth", "dummy");

    private LinkPlan() {}

    /** What makes a link that is there unfit for its part, and what to do; empty if nothing does. */
    public static Optional<String> unfit(Dump dump, TunnelSettings want) {
        Optional<String> tunnel = dump.link(want.tunnel()).flatMap(LinkPlan::unfitTunnel);
        Optional<String> bridge = dump.link(want.bridge())
                .filter(link -> !link.kind().equals("bridge"))
                .map(link -> "bridge: " + link.name() + " is " + kind(link)
                        + " and no bridge; choose another name, or delete that link");
        return tunnel.or(() -> bridge);
    }

    private static Optional<String> unfitTunnel(Link link) {
        String name = "tunnel: " + link.name() + " is ";
        if (!link.kind().equals("ipip")) {
            return link.name().equals(FALLBACK) && STAND_INS.contains(link.kind())
                    ? Optional.empty()
                    : Optional.of(
                            name + kind(link) + " and no ipip link; choose another name, or leave it at " + FALLBACK);
        }
        if (!link.remote().equals(Ipv4.ANY)) {
            return Optional.of(name + "an ipip link to " + link.remote()
                    + " alone; choose another name, or leave it at " + FALLBACK);
        }
        return Optional.empty();
    }

    /** The tunnel, if it is an ipip link of another address than the node IP: no setting is wrong then, but the link. */
    public static Optional<Link> stale(Dump dump, TunnelSettings want) {
        return dump.link(want.tunnel())
                .filter(link -> link.kind().equals("ipip")
                        && !link.local().equals(Ipv4.ANY)
                        && !link.local().equals(want.nodeIp()));
    }

    private static String kind(Link link) {
        return link.kind().isEmpty() ? "hardware" : "of kind " + link.kind();
    }

    /** The steps, in an order that works; none if all is as it should be. */
    public static List<Change> between(Dump dump, TunnelSettings want) {
        List<Change> changes = new ArrayList<>();
        if (want.forwarding() && !dump.forwarding()) {
            changes.add(new Change.EnableForwarding());
        }
        if (!want.bridge().isEmpty()) {
            Link.Address gateway =
                    Link.Address.ours(want.subnet().firstHost(), want.subnet().length());
            link(dump, new Change.CreateLink(want.bridge(), "bridge", Ipv4.ANY), gateway, 0, changes);
        }
        // The kernel takes one ipip link for each pair of ends, and the fallback has the pair without any.
        Ipv4 local = want.tunnel().equals(FALLBACK) ? Ipv4.ANY : want.nodeIp();
        link(dump, new Change.CreateLink(want.tunnel(), "ipip", local), want.base(), mtu(dump, want), changes);
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

    private static void link(Dump dump, Change.CreateLink create, Link.Address address, int mtu, List<Change> changes) {
        String name = create.name();
        Optional<Link> link = dump.link(name);
        if (link.isEmpty()) {
            changes.add(create);
        }
        if (mtu != 0 && link.map(l -> l.mtu() != mtu).orElse(true)) {
            changes.add(new Change.SetMtu(name, mtu));
        }
        if (!link.map(l -> l.has(address)).orElse(false)) {
            changes.add(new Change.AddAddress(name, address));
        }
        // What an agent made for another subnet. Last: with its last address a link loses its routes.
        link.map(Link::addresses).orElse(List.of()).stream()
                .filter(stale -> stale.maker() == Link.Maker.US && !stale.same(address))
                .forEach(stale -> changes.add(new Change.DeleteAddress(name, stale)));
        if (!link.map(Link::up).orElse(false)) {
            changes.add(new Change.SetUp(name));
        }
    }
}
