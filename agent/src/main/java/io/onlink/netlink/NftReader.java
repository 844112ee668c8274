package io.onlink.netlink;

import io.onlink.guard.DropReason;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Pair;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.KernelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the guard's table: what stands of it, what it lets in, what it has counted. */
final class NftReader {
    /** Octets of {@code struct nfgenmsg}. */
    static final int HEADER = 4;

    private final NetlinkConnection connection;
    private final String table;

    NftReader(NetlinkConnection connection, String table) {
        this.connection = connection;
        this.table = table;
    }

    /** The number of transactions this network namespace has seen; equal numbers, equal tables. */
    int generation() throws KernelException {
        connection.request().start(NftUapi.GETGEN, 0).octets(Uapi.AF_INET, 0, 0, 0);
        int[] generation = new int[1];
        Map<Integer, Refusal> refused = connection.exchange(message -> {
            AttributeReader attributes = message.attributes(HEADER);
            while (attributes.next()) {
                if (attributes.type() == NftUapi.NFTA_GEN_ID) {
                    generation[0] = attributes.network();
                }
            }
            return null;
        });
        for (Refusal refusal : refused.values()) {
            throw refusal.of("read the generation of nf_tables");
        }
        return generation[0];
    }

    /** All of the table against what it should be. */
    GuardReading read(NftLayout layout) throws KernelException {
        Boolean whole = whole();
        if (whole == null) {
            return GuardReading.ABSENT;
        }
        if (!whole || !standsAsWritten(layout)) {
            return GuardReading.ALTERED;
        }
        SortedSet<Pair> pairs = pairs();
        SortedSet<Ipv4Prefix> own = own();
        if (pairs == null || own == null) {
            return GuardReading.ALTERED;
        }
        SortedSet<Ipv4> peers = NftBatch.outers(pairs);
        boolean alike = true;
        for (NftSet set : NftLayout.OF_PEERS) {
            alike &= peers.equals(addresses(set));
        }
        GuardTable content = new GuardTable(pairs, own);
        // Elements that overlap are none of ours.
        boolean minimal = content.pairs().equals(pairs) && content.own().equals(own);
        return alike && minimal ? GuardReading.intact(content) : GuardReading.ALTERED;
    }

    /** Whether the table has as many parts as it should, and sleeps not; null if there is none. */
    private @Nullable Boolean whole() throws KernelException {
        Boolean[] whole = new Boolean[1];
        one(NftUapi.GETTABLE, request -> {}, message -> {
            boolean same = true;
            AttributeReader attributes = message.attributes(HEADER);
            while (attributes.next()) {
                if (attributes.type() == NftUapi.NFTA_TABLE_FLAGS) {
                    same &= attributes.network() == 0;
                } else if (attributes.type() == NftUapi.NFTA_TABLE_USE) {
                    same &= attributes.network() == NftLayout.PARTS;
                }
            }
            whole[0] = same;
            return null;
        });
        return whole[0];
    }

    private boolean standsAsWritten(NftLayout layout) throws KernelException {
        for (NftLayout.Chain chain : layout.chains()) {
            if (!stands(chain)) {
                return false;
            }
            List<String> wanted = layout.rules().stream()
                    .filter(rule -> rule.chain().equals(chain.name()))
                    .map(NftRule::canonical)
                    .toList();
            if (!wanted.equals(values(rules(connection, Uapi.AF_INET, table, chain.name())))) {
                return false;
            }
        }
        for (NftSet set : NftLayout.SETS) {
            boolean[] same = new boolean[1];
            one(NftUapi.GETSET, request -> request.text(NftUapi.NFTA_SET_NAME, set.name()), message -> {
                same[0] = set.isIn(message.attributes(HEADER));
                return null;
            });
            if (!same[0]) {
                return false;
            }
        }
        return counters().size() == DropReason.values().length;
    }

    private boolean stands(NftLayout.Chain chain) throws KernelException {
        boolean[] same = new boolean[1];
        one(NftUapi.GETCHAIN, request -> request.text(NftUapi.NFTA_CHAIN_NAME, chain.name()), message -> {
            same[0] = chain.isIn(message.attributes(HEADER));
            return null;
        });
        return same[0];
    }

    /** The rules of a chain of any table, in order, as {@link NftRule#canonical} puts them. */
    static NetlinkConnection.Answer<String> rules(NetlinkConnection connection, int family, String table, String chain)
            throws KernelException {
        connection
                .request()
                .start(NftUapi.GETRULE, Uapi.NLM_F_DUMP)
                .octets(family, 0, 0, 0)
                .text(NftUapi.TABLE, table)
                .text(NftUapi.NFTA_RULE_CHAIN, chain);
        return connection.dump(NftUapi.NEWRULE, message -> {
            String expressions = "";
            boolean wanted = false;
            AttributeReader attributes = message.attributes(HEADER);
            while (attributes.next()) {
                switch (attributes.type()) {
                    case NftUapi.TABLE -> wanted = attributes.text(NftRule.NAME).equals(table);
                    case NftUapi.NFTA_RULE_CHAIN ->
                        wanted &= attributes.text(NftRule.NAME).equals(chain);
                    case NftUapi.NFTA_RULE_EXPRESSIONS -> expressions = NftRule.canonical(attributes.nest());
                    default -> {
                        // Its handle and its place, which are the kernel's.
                    }
                }
            }
            // Before Linux 4.7 or so a dump is not filtered.
            return wanted ? expressions : null;
        });
    }

    private @Nullable SortedSet<Pair> pairs() throws KernelException {
        SortedSet<Pair> pairs = new TreeSet<>();
        for (NftElement element : elements(NftLayout.PAIRS)) {
            Ipv4Prefix inner = NftElement.prefix(new Ipv4((int) element.key()), new Ipv4((int) element.last()));
            if (inner == null || element.key() >>> 32 != element.last() >>> 32) {
                return null;
            }
            pairs.add(new Pair(element.outer(), inner));
        }
        return pairs;
    }

    private @Nullable SortedSet<Ipv4Prefix> own() throws KernelException {
        SortedSet<Ipv4> starts = new TreeSet<>();
        SortedSet<Ipv4> ends = new TreeSet<>();
        elements(NftLayout.OWN).forEach(element -> (element.end() ? ends : starts).add(element.address()));
        return intervals(starts, ends);
    }

    /** The prefixes between the addresses at which one begins and those after which it has ended; null if they are none. */
    static @Nullable SortedSet<Ipv4Prefix> intervals(SortedSet<Ipv4> starts, SortedSet<Ipv4> ends) {
        SortedSet<Ipv4Prefix> prefixes = new TreeSet<>();
        for (Ipv4 start : starts) {
            SortedSet<Ipv4> after = ends.tailSet(new Ipv4(start.bits() + 1));
            int last = after.isEmpty() ? -1 : after.first().bits() - 1;
            Ipv4Prefix prefix = NftElement.prefix(start, new Ipv4(last));
            if (prefix == null) {
                return null;
            }
            prefixes.add(prefix);
        }
        return prefixes;
    }

    private SortedSet<Ipv4> addresses(NftSet set) throws KernelException {
        SortedSet<Ipv4> addresses = new TreeSet<>();
        elements(set).forEach(element -> addresses.add(element.address()));
        return addresses;
    }

    /** The elements of a set; none if there is no such set. */
    List<NftElement> elements(NftSet set) throws KernelException {
        connection
                .request()
                .start(NftUapi.GETSETELEM, Uapi.NLM_F_DUMP)
                .octets(Uapi.AF_INET, 0, 0, 0)
                .text(NftUapi.TABLE, table)
                .text(NftUapi.NFTA_SET_ELEM_LIST_SET, set.name());
        List<NftElement> all = new ArrayList<>();
        values(connection.dump(NftUapi.NEWSETELEM, message -> {
            AttributeReader attributes = message.attributes(HEADER);
            while (attributes.next()) {
                if (attributes.type() == NftUapi.NFTA_SET_ELEM_LIST_ELEMENTS) {
                    AttributeReader list = attributes.nest();
                    while (list.next()) {
                        all.add(NftElement.decode(list.nest()));
                    }
                }
            }
            return null;
        }));
        return all;
    }

    /** Packets by reason, of the counters that there are. */
    Map<DropReason, Long> counters() throws KernelException {
        Map<String, Long> found = new HashMap<>();
        connection
                .request()
                .start(NftUapi.GETOBJ, Uapi.NLM_F_DUMP)
                .octets(Uapi.AF_INET, 0, 0, 0)
                .text(NftUapi.TABLE, table)
                .network(NftUapi.NFTA_OBJ_TYPE, NftUapi.NFT_OBJECT_COUNTER);
        values(connection.dump(NftUapi.NEWOBJ, message -> {
            String of = "";
            String name = "";
            long packets = 0;
            AttributeReader attributes = message.attributes(HEADER);
            while (attributes.next()) {
                switch (attributes.type()) {
                    case NftUapi.TABLE -> of = attributes.text(NftRule.NAME);
                    case NftUapi.NFTA_OBJ_NAME -> name = attributes.text(NftRule.NAME);
                    case NftUapi.NFTA_OBJ_DATA -> packets = NftElement.counted(attributes.nest())[0];
                    default -> {
                        // How many rules use it, and its handle.
                    }
                }
            }
            if (of.equals(table)) {
                found.put(name, packets);
            }
            return null;
        }));
        Map<DropReason, Long> counters = new HashMap<>();
        for (DropReason reason : DropReason.values()) {
            Long packets = found.get(reason.label());
            if (packets != null) {
                counters.put(reason, packets);
            }
        }
        return counters;
    }

    /** Asks for one object, and reads it if there is one. */
    private void one(int type, Consumer<MessageWriter> name, NetlinkConnection.Decoder<Object> decoder)
            throws KernelException {
        MessageWriter request = connection
                .request()
                .start(type, 0)
                .octets(Uapi.AF_INET, 0, 0, 0)
                .text(NftUapi.TABLE, table);
        name.accept(request);
        for (Refusal refusal : connection.exchange(decoder).values()) {
            if (refusal.errno() != Errno.ENOENT) {
                throw refusal.of("read the guard's table ip " + table);
            }
        }
    }

    /** What a dump gave; nothing where what it is of is not there. */
    private <T> List<T> values(NetlinkConnection.Answer<T> answer) throws KernelException {
        Refusal refusal = answer.refusal();
        if (refusal != null && refusal.errno() != Errno.ENOENT) {
            throw refusal.of("read the guard's table ip " + table);
        }
        return answer.values();
    }
}
