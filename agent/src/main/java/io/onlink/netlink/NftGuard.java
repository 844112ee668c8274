package io.onlink.netlink;

import io.onlink.guard.Guard;
import io.onlink.guard.GuardChange;
import io.onlink.guard.GuardCounts;
import io.onlink.guard.GuardDiff;
import io.onlink.guard.GuardReading;
import io.onlink.guard.GuardTable;
import io.onlink.guard.Stray;
import io.onlink.inet.Ipv4;
import io.onlink.route.KernelException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The guard as one nf_tables table, {@code ip onlink}, written over netlink: no nft command is needed.
 *
 * <p>Needs Linux 5.7 with nf_tables for IPv4: sets of two addresses with ranges, whose elements count. The table has no
 * owner, so it outlives the agent.
 */
public final class NftGuard implements Guard {
    /** As the setting and the metrics write it. */
    public static final String BACKEND = "nftables";

    /** The table's name; its family is ip. */
    static final String TABLE = "onlink";

    /** A table that is only ever written and taken away in one transaction, to see whether the kernel can. */
    private static final String TRIAL = "onlink-trial";

    /** Most octets of one transaction: some 250,000 elements. */
    static final int MOST = 16 * 1024 * 1024;

    /** Readings between which others changed something, before it is given up for this pass. */
    private static final int ATTEMPTS = 5;

    /** Room for notifications; the kernel doubles it. */
    private static final int HEARING = 1024 * 1024;

    private final NftLayout layout;
    private final NetlinkConnection connection;
    private final NftReader reader;

    /** Of its own, for another thread. */
    private final NetlinkConnection counting;

    private @Nullable Known known;

    /** What stood at a generation, which is what stands as long as the kernel says the same generation. */
    private record Known(int generation, GuardReading reading) {}

    private NftGuard(String tunnel, NetlinkConnection connection, NetlinkConnection counting) {
        this.layout = NftLayout.of(tunnel);
        this.connection = connection;
        this.reader = new NftReader(connection, TABLE);
        this.counting = counting;
    }

    /**
     * Opens a conversation with nf_tables in the calling thread's network namespace; changes nothing.
     *
     * @param tunnel name of the link that packets come out of
     */
    public static NftGuard open(String tunnel) throws KernelException {
        NetlinkConnection connection = new NetlinkConnection(NftGuard::connect);
        try {
            return new NftGuard(tunnel, connection, new NetlinkConnection(NftGuard::connect));
        } catch (KernelException e) {
            connection.close();
            throw e;
        }
    }

    private static Datagrams connect() throws KernelException {
        NetlinkSocket socket = NetlinkConnection.connect(Uapi.NETLINK_NETFILTER);
        // A transaction is one datagram. Without CAP_NET_ADMIN it cannot be made anyway.
        socket.option(Uapi.SOL_SOCKET, Uapi.SO_SNDBUFFORCE, MOST);
        return socket;
    }

    /** Writes all of it under another name and takes it away, in one transaction. */
    @Override
    public void probe() throws KernelException {
        transact("try the packet guard", 1, TRIAL, batch -> {
            batch.rewrite(layout, GuardTable.EMPTY);
            batch.delete();
        });
    }

    @Override
    public String backend() {
        return BACKEND;
    }

    @Override
    public GuardReading read() throws KernelException {
        int before = reader.generation();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (known != null && known.generation() == before) {
                return known.reading();
            }
            known = null;
            GuardReading reading = reader.read(layout);
            int after = reader.generation();
            if (after == before) {
                known = new Known(after, reading);
                return reading;
            }
            before = after;
        }
        throw new KernelException(
                "nf_tables changed during each of " + ATTEMPTS + " readings; the next pass tries again", "EINTR");
    }

    @Override
    public void apply(GuardChange change) throws KernelException {
        Known was = known;
        if (change instanceof GuardChange.Rewrite rewrite) {
            GuardTable table = rewrite.table();
            transact("write the packet guard", NftBatch.count(table), TABLE, batch -> batch.rewrite(layout, table));
        } else if (change instanceof GuardChange.Update update && !update.isNothing()) {
            GuardTable is = (was == null ? read() : was.reading()).table();
            GuardTable then = GuardDiff.after(is, update);
            transact("update the packet guard", NftBatch.count(update), TABLE, batch -> batch.update(is, then, update));
        } else {
            return;
        }
        GuardTable is = was == null ? GuardTable.EMPTY : was.reading().table();
        GuardReading then = GuardReading.intact(GuardDiff.after(is, change));
        int now = reader.generation();
        // One transaction later, and that was ours: nobody else's came between.
        known = was != null && now == was.generation() + 1 ? new Known(now, then) : null;
    }

    @Override
    public void remove() throws KernelException {
        known = null;
        if (read().standing() != GuardReading.Standing.ABSENT) {
            transact("take the packet guard away", 1, TABLE, NftBatch::delete);
        }
        known = null;
    }

    private void transact(String what, long elements, String table, Consumer<NftBatch> content) throws KernelException {
        long room = NftBatch.room(elements);
        if (room > MOST) {
            throw new KernelException(
                    "cannot " + what + ": " + elements + " elements are more than one transaction holds, about "
                            + MOST / NftElement.ROOM + "; set guard to off, or have fewer subnets in the mesh",
                    "EMSGSIZE");
        }
        NftBatch batch = new NftBatch(connection.request((int) room), table);
        content.accept(batch);
        int fence = batch.end();
        for (Refusal refusal : connection.exchange(fence, message -> null).values()) {
            throw refusal.of(what + " by nf_tables");
        }
    }

    @Override
    public synchronized GuardCounts counts(boolean peers) throws KernelException {
        NftReader reader = new NftReader(counting, TABLE);
        Map<Ipv4, GuardCounts.Traffic> traffic = new HashMap<>();
        if (peers) {
            for (NftElement e : reader.elements(NftLayout.RECEIVED)) {
                add(traffic, e.address(), new GuardCounts.Traffic(e.packets(), e.bytes(), 0, 0));
            }
            for (NftElement e : reader.elements(NftLayout.SENT)) {
                add(traffic, e.address(), new GuardCounts.Traffic(0, 0, e.packets(), e.bytes()));
            }
        }
        return new GuardCounts(reader.counters(), traffic);
    }

    @Override
    public synchronized Set<Stray> strays() throws KernelException {
        Set<Stray> strays = new HashSet<>();
        for (NftElement e : new NftReader(counting, TABLE).elements(NftLayout.STRAYS)) {
            strays.add(new Stray(e.outer(), e.inner()));
        }
        return strays;
    }

    private static void add(Map<Ipv4, GuardCounts.Traffic> all, Ipv4 peer, GuardCounts.Traffic more) {
        all.merge(peer, more, GuardCounts.Traffic::plus);
    }

    /** Tells when others change the guard's table, on a daemon thread of its own; not of the changes made by this. */
    @Override
    public Watch watch(Runnable changed) throws KernelException {
        KernelMonitor monitor = KernelMonitor.start(
                port -> port == connection.port(), new Told(changed), NftGuard::hear, NftGuard::isOfTheTable);
        return monitor::close;
    }

    /** The table is the first thing a notification names; that of a new generation names none. */
    private static boolean isOfTheTable(MessageReader message) throws NetlinkException {
        if (message.type() == NftUapi.NEWGEN) {
            return false;
        }
        AttributeReader attributes = message.attributes(NftReader.HEADER);
        return attributes.next()
                && attributes.type() == NftUapi.TABLE
                && attributes.text(NftRule.NAME).equals(TABLE);
    }

    private static NetlinkSocket hear() throws KernelException {
        NetlinkSocket socket = NetlinkSocket.open(Uapi.NETLINK_NETFILTER, HEARING);
        try {
            socket.join(NftUapi.NFNLGRP_NFTABLES);
            return socket;
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
    }

    /** Whatever may have happened, there is something to look at; that it cannot be heard the resync makes good. */
    record Told(Runnable changedTable) implements KernelMonitor.Listener {
        @Override
        public void changed() {
            changedTable.run();
        }

        @Override
        public void overrun() {
            changedTable.run();
        }

        @Override
        public void failed(String reason) {
            changedTable.run();
        }
    }

    @Override
    public void close() {
        connection.close();
        synchronized (this) {
            counting.close();
        }
    }
}
