package io.onlink.netlink;

/**
 * A chain of a firewall that the kernel sends packets through by itself, and that drops those of the mesh, or may.
 *
 * @param family as nft names it: ip or inet
 * @param table the table's name
 * @param name the chain's name
 * @param forward whether it is for packets passed on; else for packets to this host itself
 * @param named whether a rule of it drops just those packets; else it drops what no rule of it accepts
 */
public record HookChain(String family, String table, String name, boolean forward, boolean named) {
    @Override
    public String toString() {
        return family + " " + table + " " + name;
    }
}
