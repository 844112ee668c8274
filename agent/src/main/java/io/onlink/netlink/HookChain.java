package io.onlink.netlink;

/**
 * A chain that the kernel sends packets through by itself, whose policy is to drop them.
 *
 * @param family as nft names it: ip or inet
 * @param table the table's name
 * @param name the chain's name
 * @param forward whether it is for packets passed on; else for packets to this host itself
 */
public record HookChain(String family, String table, String name, boolean forward) {
    @Override
    public String toString() {
        return family + " " + table + " " + name;
    }
}
