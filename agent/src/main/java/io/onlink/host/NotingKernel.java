package io.onlink.host;

import io.onlink.netlink.HostFiles;
import io.onlink.netlink.LinuxKernel;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.LinkCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel, with a note of what a link or a switch was like before each change of it that is not plainly ours. */
public final class NotingKernel implements Kernel {
    /** Before the name of a switch in {@code /proc/sys/net/ipv4}; the value is its number. */
    static final String SWITCH = "sysctl net/ipv4/";

    /** Before the name of a link that was there; the value is {@code up} or {@code down}, and the MTU. */
    static final String LINK = "link ";

    /** Before the name of a link that an agent has made; the value is the kernel's index of it. */
    static final String MADE = "made ";

    /** Turning this on turns on {@code forwarding} of every link, and {@code conf/all/accept_redirects} off. */
    static final String IP_FORWARD = "ip_forward";

    private static final Logger LOG = LoggerFactory.getLogger(NotingKernel.class);

    private final Kernel kernel;
    private final LinuxKernel linux;
    private final Before before;
    private Dump last = new Dump(List.of(), io.onlink.route.Table.EMPTY, java.util.Set.of(), false, true);

    /** Changes {@code kernel}, which stands on {@code linux}. */
    public NotingKernel(Kernel kernel, LinuxKernel linux, Before before) {
        this.kernel = kernel;
        this.linux = linux;
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
            } else if (change instanceof Change.CreateLink create) {
                made.add(create.name());
            }
        }
        List<Failure> failures = kernel.apply(changes);
        for (String link : made) {
            OptionalInt index = linux.index(link);
            if (index.isPresent()) {
                before.noteAnew(MADE + link, Integer.toString(index.getAsInt()));
            }
        }
        return failures;
    }

    private void noteLink(String name) {
        last.link(name)
                .filter(link -> before.of(MADE + name).isEmpty())
                .ifPresent(link -> before.note(LINK + name, (link.up() ? "up " : "down ") + link.mtu()));
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
