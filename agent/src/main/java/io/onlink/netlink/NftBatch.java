package io.onlink.netlink;

import io.onlink.guard.DropReason;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Writes one transaction of nf_tables: all of it comes true at once, or nothing. */
final class NftBatch {
    /** Elements to a message, whose list is at most 64 KiB long. */
    private static final int ELEMENTS = 1000;

    /** Octets of all that is not elements. */
    private static final int ROOM = 16 * 1024;

    private final MessageWriter writer;
    private final String table;

    NftBatch(MessageWriter writer, String table) {
        this.writer = writer;
        this.table = table;
        header(NftUapi.NFNL_MSG_BATCH_BEGIN, 0, 0, NftUapi.NFNL_SUBSYS_NFTABLES);
    }

    /** Elements that {@link #rewrite} writes. */
    static long count(GuardTable content) {
        return count(content.pairs(), content.own());
    }

    /** Elements that {@link #update} writes at most: a peer of which other pairs are left stays in the sets of peers. */
    static long count(GuardChange.Update change) {
        return count(change.removePairs(), change.removeOwn()) + count(change.addPairs(), change.addOwn());
    }

    /** A prefix is two elements where it stands alone, which have the room of one with all it may have. */
    private static long count(Collection<Pair> pairs, Collection<Ipv4Prefix> own) {
        return pairs.size() + (long) NftLayout.OF_PEERS.size() * outers(pairs).size() + own.size();
    }

    /** Octets that so many elements and the rest of a batch need at most. */
    static long room(long elements) {
        return ROOM + elements * NftElement.ROOM;
    }

    /** Sequence number of the message that is acknowledged when the batch has been decided on. */
    int end() {
        int fence = writer.sequence();
        writer.acknowledge();
        header(NftUapi.NFNL_MSG_BATCH_END, 0, 0, NftUapi.NFNL_SUBSYS_NFTABLES);
        return fence;
    }

    /** Starts a message about a table of the family ip. */
    MessageWriter start(int type, int flags) {
        header(type, flags, Uapi.AF_INET, 0);
        return writer.text(NftUapi.TABLE, table);
    }

    /** {@code struct nfgenmsg}: family, version 0 and, in network order, a number. */
    private void header(int type, int flags, int family, int number) {
        writer.start(type, flags).octets(family, 0, number >> 8, number & 0xff);
    }

    /** Takes the table away, there or not. */
    void delete() {
        start(NftUapi.NEWTABLE, Uapi.NLM_F_CREATE);
        start(NftUapi.DELTABLE, 0);
    }

    /** Writes the table whole, in the place of one that may be there. */
    void rewrite(NftLayout layout, GuardTable content) {
        delete();
        start(NftUapi.NEWTABLE, Uapi.NLM_F_CREATE);
        for (DropReason reason : DropReason.values()) {
            start(NftUapi.NEWOBJ, Uapi.NLM_F_CREATE)
                    .text(NftUapi.NFTA_OBJ_NAME, reason.label())
                    .network(NftUapi.NFTA_OBJ_TYPE, NftUapi.NFT_OBJECT_COUNTER)
                    .nest(NftUapi.NFTA_OBJ_DATA, data -> {});
        }
        int id = 0;
        for (NftSet set : NftLayout.SETS) {
            id++;
            set.write(start(NftUapi.NEWSET, Uapi.NLM_F_CREATE), id);
        }
        layout.chains().forEach(chain -> chain.write(start(NftUapi.NEWCHAIN, Uapi.NLM_F_CREATE)));
        for (NftRule rule : layout.rules()) {
            rule.write(start(NftUapi.NEWRULE, Uapi.NLM_F_CREATE | Uapi.NLM_F_APPEND)
                    .text(NftUapi.NFTA_RULE_CHAIN, rule.chain()));
        }
        SortedSet<Ipv4> peers = outers(content.pairs());
        elements(NftUapi.NEWSETELEM, NftLayout.PAIRS, content.pairs(), NftBatch::pair);
        for (NftSet set : NftLayout.OF_PEERS) {
            elements(NftUapi.NEWSETELEM, set, peers, NftElement::writeAddress);
        }
        elements(NftUapi.NEWSETELEM, NftLayout.OWN, content.own(), NftElement::writePrefix);
    }

    /** Changes elements; what goes goes first, for what comes may overlap it. */
    void update(GuardTable is, GuardTable then, GuardChange.Update change) {
        elements(NftUapi.DELSETELEM, NftLayout.PAIRS, change.removePairs(), NftBatch::pair);
        elements(NftUapi.DELSETELEM, NftLayout.OWN, change.removeOwn(), NftElement::writePrefix);
        elements(NftUapi.NEWSETELEM, NftLayout.PAIRS, change.addPairs(), NftBatch::pair);
        elements(NftUapi.NEWSETELEM, NftLayout.OWN, change.addOwn(), NftElement::writePrefix);
        SortedSet<Ipv4> before = outers(is.pairs());
        SortedSet<Ipv4> after = outers(then.pairs());
        for (NftSet set : NftLayout.OF_PEERS) {
            elements(NftUapi.DELSETELEM, set, minus(before, after), NftElement::writeAddress);
            elements(NftUapi.NEWSETELEM, set, minus(after, before), NftElement::writeAddress);
        }
    }

    /** The node IPs of the pairs. */
    static SortedSet<Ipv4> outers(Collection<Pair> pairs) {
        SortedSet<Ipv4> outers = new TreeSet<>();
        pairs.forEach(pair -> outers.add(pair.outer()));
        return outers;
    }

    private static SortedSet<Ipv4> minus(SortedSet<Ipv4> of, SortedSet<Ipv4> less) {
        SortedSet<Ipv4> rest = new TreeSet<>(of);
        rest.removeAll(less);
        return rest;
    }

    private static void pair(MessageWriter list, Pair pair) {
        NftElement.writePair(list, pair.outer(), pair.inner());
    }

    private <T> void elements(int type, NftSet set, Collection<T> all, BiConsumer<MessageWriter, T> write) {
        List<T> list = List.copyOf(all);
        for (int from = 0; from < list.size(); from += ELEMENTS) {
            List<T> part = list.subList(from, Math.min(from + ELEMENTS, list.size()));
            int flags = type == NftUapi.NEWSETELEM ? Uapi.NLM_F_CREATE : 0;
            start(type, flags)
                    .text(NftUapi.NFTA_SET_ELEM_LIST_SET, set.name())
                    .nest(NftUapi.NFTA_SET_ELEM_LIST_ELEMENTS, e -> part.forEach(one -> write.accept(e, one)));
        }
    }
}
