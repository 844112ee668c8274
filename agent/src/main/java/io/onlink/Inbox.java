package io.onlink;

import io.onlink.history.Culprits;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.membership.Membership;
import io.onlink.netlink.KernelMonitor;
import io.onlink.peer.Gossip;
import io.onlink.peer.NodeName;
import io.onlink.peer.Verdict;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the other threads may do: put mail in the box, and say when and by whom something was done. */
final class Inbox implements Membership.Listener, KernelMonitor.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final Mailbox mailbox;
    private final Convergence convergence;
    private final Culprits culprits;
    private final Supplier<PathWatch> paths;

    /** Tells the paths of every snapshot too, before the box. */
    Inbox(Mailbox mailbox, Convergence convergence, Culprits culprits, Supplier<PathWatch> paths) {
        this.mailbox = mailbox;
        this.convergence = convergence;
        this.culprits = culprits;
        this.paths = paths;
    }

    @Override
    public void gossip(Gossip snapshot) {
        paths.get().gossip(snapshot);
        mailbox.gossip(snapshot);
    }

    @Override
    public void gossip(Gossip snapshot, long eventAt) {
        paths.get().gossip(snapshot);
        mailbox.gossip(snapshot, eventAt, System.nanoTime());
    }

    @Override
    public void echoed(Ipv4Prefix dst, boolean there) {
        convergence.echoed(dst, there, System.nanoTime());
    }

    @Override
    public void touched(@Nullable Ipv4Prefix dst, int port) {
        culprits.touched(dst, port, System.nanoTime());
    }

    @Override
    public void probed(NodeName name, long boot, Verdict verdict) {
        mailbox.answered(name, boot, verdict);
    }

    @Override
    public void heardThere(long boot) {
        paths.get().heardThere(boot);
    }

    @Override
    public void changed() {
        mailbox.kernelChanged();
    }

    @Override
    public void overrun() {
        convergence.overrun();
        mailbox.overrun();
    }

    @Override
    public void failed(String reason) {
        LOG.warn("the kernel's notifications: {}; until they are heard again only the resync repairs drift", reason);
    }
}
