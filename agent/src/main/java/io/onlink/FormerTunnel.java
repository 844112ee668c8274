package io.onlink;

import io.onlink.host.Before;
import io.onlink.host.Links;
import io.onlink.inet.Ipv4;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import java.util.List;
import java.util.Optional;

/**
 * A tunnel of another node IP, and what would go with it.
 *
 * @param link as the kernel shows it
 * @param ours whether an agent has made it, by the notes
 * @param foreign its addresses that no agent has put there
 * @param route one of somebody else that goes by it, in words; empty if there is none
 */
record FormerTunnel(Link link, boolean ours, List<Link.Address> foreign, Optional<String> route) {
    FormerTunnel {
        foreign = List.copyOf(foreign);
    }

    /** What the notes and the kernel tell of the link. */
    static FormerTunnel of(Link link, Links links, Before before) throws KernelException {
        return new FormerTunnel(
                link,
                before.hasMade(link.name(), links.index(link.name())),
                before.foreign(link),
                links.foreignRoute(link.name()));
    }

    /** Why it may not be deleted, and what its owner can do; empty if it may. */
    Optional<String> objection(Ipv4 nodeIp) {
        String name = link.name();
        if (!ours) {
            return Optional.of("delete it with `ip link del " + name + "`, and the agent makes its own");
        }
        String keep = ", which is not the agent's and would go with it; keep both by `ip link set " + name
                + " type ipip local " + nodeIp + "`, or take that ";
        return foreign.stream()
                .findFirst()
                .map(address -> "it has the address " + address + keep + "address away")
                .or(() -> route.map(text -> "it carries the route " + text + keep + "route away"));
    }
}
