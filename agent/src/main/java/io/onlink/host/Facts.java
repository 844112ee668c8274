package io.onlink.host;

import io.onlink.inet.Ipv4;
import io.onlink.netlink.HookChain;
import java.util.List;
import java.util.Map;

/**
 * What a host says of how it treats packets.
 *
 * @param tunnel name of the tunnel
 * @param underlay name of the link with the node IP
 * @param forwarding {@code conf/LINK/forwarding} of the links that packets of the mesh arrive by, inner ones: the tunnel
 *     and the bridge
 * @param underlayFilter the effective {@code rp_filter} of the underlay: the greater of {@code all}'s and its own
 * @param detours peers' node IPs that are routed by another link than the underlay, with that link's name
 * @param sources peers' node IPs to which the tunnel's packets leave with another source than the node IP, with that source
 * @param chains firewall chains that drop what the mesh sends, or may
 * @param legacyFilter whether the older iptables has a filter table, whose policies are not known
 * @param tracked how full the table of connection tracking is, in percent; 0 if there is none
 */
public record Facts(
        String tunnel,
        String underlay,
        Map<String, Integer> forwarding,
        int underlayFilter,
        Map<Ipv4, String> detours,
        Map<Ipv4, Ipv4> sources,
        List<HookChain> chains,
        boolean legacyFilter,
        int tracked) {
    public Facts {
        forwarding = Map.copyOf(forwarding);
        detours = Map.copyOf(detours);
        sources = Map.copyOf(sources);
        chains = List.copyOf(chains);
    }
}
