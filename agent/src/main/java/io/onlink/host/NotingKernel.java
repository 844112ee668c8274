package io.onlink.host;

import io.onlink.netlink.HostFiles;
import io.onlink.netlink.LinuxKernel;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.LinkCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel, with a note of what a link or a switch was like before each change of it that is not plainly ours. */
public final class NotingKernel implements Kernel {
    /** Before the name of a switch in {@code /proc/sys/net/ipv4}; the value is its number. */
    static final String SWITCH = "sysctl net/ipv4/";

    /**
     * Before the name of a link that was there; the value is {@code down}, {@code up} or {@link #USED}, and the MTU.
     */
    static final String LINK = "link ";

    /** Before the name of a link that an agent has made; the value is the kernel's index of it. */
    static final String MADE = "made ";

    /** Up with an address of somebody else's, and nothing of ours: in use before any agent came. */
    static final String USED = "used";

    /** Before the name of a link and an address that an agent has put there: before Linux 5.18 nothing else tells. */
    static final String ADDRESS = "address ";

    /** Turning this on turns on {@code forwarding} of every link, and {@code conf/all/accept_redirects} off. */
    static final String IP_FORWARD = "ip_forward";

    private static final Logger LOG = LoggerFactory.getLogger(NotingKernel.class);

    private final Kernel kernel;
    private final Links links;
    private final Before before;
    private Dump last = new Dump(List.of(), io.onlink.route.Table.EMPTY, java.util.Set.of(), false, true);

    /** Changes {@code kernel}, which stands on {@code linux}. */
    public NotingKernel(Kernel kernel, LinuxKernel linux, Before before) {
        this(kernel, Links.of(linux), before);
    }

    /** The same of any kernel. */
    public NotingKernel(Kernel kernel, Links links, Before before) {
        this.kernel = kernel;
        this.links = links;
        this.before = before;
    }

    @Override
    public Dump dump() throws KernelException {
        last = kernel.dump();
        return last;
    }

    @Override
    public List<Failure> apply(List<Change> changes) throws KernelException {
        List<String> made = new ArrayList<>();
        for (Change change : changes) {
            if (change instanceof Change.EnableForwarding) {
                noteForwarding(before);
            } else if (change instanceof Change.SetUp set) {
                noteLink(set.link());
            } else if (change instanceof Change.SetMtu set) {
                noteLink(set.link());
            } else if (change instanceof Change.AddAddress add) {
                noteAddress(add);
            } else if (change instanceof Change.CreateLink create) {
                made.add(create.name());
            }
        }
        List<Failure> failures = kernel.apply(changes);
        forgetAddresses(changes, failures);
        for (String link : made) {
            OptionalInt index = links.index(link);
            if (index.isPresent()) {
                before.noteAnew(MADE + link, Integer.toString(index.getAsInt()));
            }
        }
        return failures;
    }

    private void noteLink(String name) {
        last.link(name)
                .filter(link -> before.of(MADE + name).isEmpty())
                .ifPresent(link -> before.note(LINK + name, state(link) + " " + link.mtu()));
    }

    /** What former runs have left on a link is no use of it by others: their notes may be lost. */
    private String state(Link link) {
        boolean ours = !last.table().routes().isEmpty()
                || link.addresses().stream().anyMatch(address -> address.maker() == Link.Maker.US)
                || before.all().keySet().stream().anyMatch(note -> note.startsWith(ADDRESS + link.name() + " "));
        if (!link.up()) {
            return "down";
        }
        return ours || link.addresses().isEmpty() ? "up" : USED;
    }

    private void noteAddress(Change.AddAddress add) {
        // A tunnel that is up as it should be is not changed but by this, and whether it was tells if it may stay open.
        if (last.link(add.link()).filter(link -> link.kind().equals("ipip")).isPresent()) {
            noteLink(add.link());
        }
        before.note(address(add.link(), add.address()), "ours");
    }

    private void forgetAddresses(List<Change> changes, List<Failure> failures) {
        Set<Change> refused = new HashSet<>();
        failures.forEach(failure -> refused.add(failure.change()));
        for (Change change : changes) {
            if (change instanceof Change.DeleteAddress delete && !refused.contains(change)) {
                before.forget(address(delete.link(), delete.address()));
            }
        }
    }

    /** The name of the note of an address. */
    static String address(String link, Link.Address address) {
        return ADDRESS + link + " " + address;
    }

    private static void noteForwarding(Before before) {
        try {
            for (String link : HostFiles.links()) {
                if (HostFiles.read("conf/" + link + "/forwarding").orElse(0) != 0) {
                    before.note(SWITCH + "conf/" + link + "/forwarding", "1");
                }
            }
        } catch (IOException e) {
            LOG.warn("cannot look at the links' switches: {}", e.toString());
        }
        String redirects = "conf/all/accept_redirects";
        HostFiles.read(redirects).ifPresent(value -> before.note(SWITCH + redirects, Integer.toString(value)));
        before.note(SWITCH + IP_FORWARD, "0");
    }

    @Override
    public LinkCounters counters(String link) {
        return kernel.counters(link);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
