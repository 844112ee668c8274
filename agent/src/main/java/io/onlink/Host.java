package io.onlink;

import io.onlink.config.Config;
import io.onlink.config.Seed;
import io.onlink.host.Before;
import io.onlink.host.Links;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.netlink.LinuxKernel;
import io.onlink.peer.PeerView;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.LinkPlan;
import io.onlink.route.Outcome;
import io.onlink.route.Reconciler;
import io.onlink.route.Route;
import io.onlink.route.TunnelSettings;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be true of this host before the agent joins anything; each thing that is not has its own clear refusal. */
final class Host {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

    /** A destination no route of ours ever has. */
    private static final Ipv4Prefix NOWHERE = Ipv4Prefix.parse("255.255.255.255/32");

    private final Config config;
    private final Kernel kernel;
    private final LinuxKernel linux;
    private final Before before;

    /** The first seed's address if the node IP was found by it; a name is not asked for again, for that may take long. */
    private @Nullable Ipv4 firstSeed;

    Host(Config config, Kernel kernel, LinuxKernel linux, Before before) {
        this.config = config;
        this.kernel = kernel;
        this.linux = linux;
        this.before = before;
    }

    /** The settings of the links, with the node IP that is set or found, checked against this host's own addresses. */
    TunnelSettings links() throws Refusal, KernelException {
        Ipv4 nodeIp = config.nodeIp().isPresent() ? config.nodeIp().get() : detectNodeIp();
        TunnelSettings links = new TunnelSettings(
                config.tunnel(),
                config.subnets().get(0),
                nodeIp,
                config.mtu().orElse(0),
                config.bridge().orElse(""),
                config.ipForward());
        Dump dump = kernel.dump();
        Optional<String> unfit = LinkPlan.unfit(dump, links);
        if (unfit.isPresent()) {
            throw new Refusal(Refusal.CONFIG, unfit.get());
        }
        Link underlay = LinkPlan.underlay(dump, links)
                .orElseThrow(() -> new Refusal(
                        Refusal.UNAVAILABLE,
                        "node-ip: " + nodeIp + " is no address of this host (yet); it has " + addresses(dump)));
        for (Ipv4Prefix subnet : config.subnets()) {
            for (Link.Address address : underlay.addresses()) {
                if (address.prefix().overlaps(subnet)) {
                    throw new Refusal(
                            Refusal.CONFIG,
                            "subnet: " + subnet + " overlaps the underlay's " + address.prefix() + " on "
                                    + underlay.name() + "; choose a subnet outside it");
                }
            }
        }
        Optional<Link> stale = LinkPlan.stale(dump, links);
        if (stale.isPresent()) {
            takeAway(kernel, nodeIp, FormerTunnel.of(stale.get(), Links.of(linux), before));
        }
        return links;
    }

    /**
     * Takes away a tunnel of another node IP, with nothing of others on it; the first pass makes it anew, and up only once
     * the guard stands. The kernel could change the address of any ipip link but tunl0 in place; that is left to the
     * operator where others use the link.
     */
    static void takeAway(Kernel kernel, Ipv4 nodeIp, FormerTunnel former) throws Refusal, KernelException {
        Link stale = former.link();
        String what = stale.name() + " is an ipip link of " + stale.local() + ", and the node IP is " + nodeIp;
        Optional<String> objection = former.objection(nodeIp);
        if (objection.isPresent()) {
            throw new Refusal(Refusal.UNAVAILABLE, "tunnel: " + what + "; " + objection.get());
        }
        for (Failure failure : kernel.apply(List.of(new Change.DeleteLink(stale.name())))) {
            throw new Refusal(Refusal.statusOf(failure.errno()), "tunnel: " + what + ": " + failure);
        }
        LOG.info("{}: an agent made it and nobody else uses it, so it is deleted and made anew", what);
    }

    /** Makes the run directory, where the control socket goes. */
    static void prepareRunDir(Path directory) throws Refusal {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            boolean permission = e instanceof AccessDeniedException;
            throw new Refusal(
                    permission ? Refusal.NO_PERMISSION : Refusal.UNAVAILABLE,
                    "run-dir: cannot make " + directory + ": " + (permission ? "permission denied" : e)
                            + "; make it for this user, or choose another --run-dir");
        }
        if (!Files.isWritable(directory)) {
            throw new Refusal(
                    Refusal.NO_PERMISSION,
                    "run-dir: cannot write in " + directory
                            + ": permission denied; run the agent as its owner, or choose another --run-dir");
        }
    }

    /** Sets the links up; without a tunnel the agent must not join, for it would attract traffic it cannot carry. */
    void setUp(Reconciler reconciler) throws Refusal, KernelException {
        Outcome outcome = reconciler.reconcile(dump -> PeerView.EMPTY, dst -> false);
        for (Change change : outcome.applied()) {
            LOG.info("{} (startup)", change);
        }
        if (outcome.tunnelUp()) {
            outcome.dump()
                    .link(config.tunnel())
                    .filter(link -> !link.kind().equals("ipip"))
                    .ifPresent(link -> LOG.warn(
                            "{} is of kind {}, a stand-in: it gets the routes, but the kernel makes no IPIP of it",
                            link.name(),
                            link.kind()));
            nameOtherTunnels(outcome.dump());
            checkRights();
            return;
        }
        // The first is the cause, those after it follow from it.
        Failure first = outcome.failures().stream()
                .filter(failure -> !(failure.change() instanceof Change.EnableForwarding))
                .findFirst()
                .orElse(outcome.failures().get(0));
        throw Refusal.statusOf(first.errno()) == Refusal.NO_PERMISSION
                ? new Refusal(Refusal.NO_PERMISSION, "this needs root or CAP_NET_ADMIN: " + first)
                : new Refusal(Refusal.UNAVAILABLE, "the tunnel cannot be set up: " + first);
    }

    private void nameOtherTunnels(Dump dump) {
        if (config.guard() != Config.PacketGuard.OFF) {
            otherTunnels(dump, config.tunnel())
                    .forEach(name -> LOG.warn(
                            "{} is an ipip link too: the packet guard drops what comes for it, unless a peer of this mesh"
                                    + " sends it; where that link is needed, set guard to off and let your firewall do it",
                            name));
        }
    }

    /** Links whose packets look to the guard like those for the tunnel. */
    static List<String> otherTunnels(Dump dump, String tunnel) {
        return dump.links().stream()
                .filter(Link::takesIpip)
                .map(Link::name)
                .filter(name -> !name.equals(tunnel))
                .toList();
    }

    /** Links that are as they should be say nothing of our rights; to delete a route that cannot be does. */
    private void checkRights() throws Refusal, KernelException {
        Change nothing = new Change.DeleteRoute(Route.plain(NOWHERE, NOWHERE.base()));
        for (Failure failure : kernel.apply(List.of(nothing))) {
            throw new Refusal(
                    Refusal.statusOf(failure.errno()),
                    "this needs root or CAP_NET_ADMIN: no route can be written: " + failure.errno() + ", "
                            + failure.reason());
        }
    }

    /** The node IP that would be found now, if it is to be found and is another than that of these links; at once. */
    Optional<Ipv4> moved(Dump dump, TunnelSettings links) throws KernelException {
        Ipv4 target = firstSeed;
        if (target == null || LinkPlan.underlay(dump, links).isPresent()) {
            return Optional.empty();
        }
        return linux.sourceFor(target).filter(Ipv4::isUnicast).filter(now -> !now.equals(links.nodeIp()));
    }

    private Ipv4 detectNodeIp() throws Refusal, KernelException {
        if (config.seeds().isEmpty()) {
            throw new Refusal(
                    Refusal.CONFIG,
                    "node-ip: not set, and without a seed there is no route to find it by; set --node-ip");
        }
        Seed seed = config.seeds().get(0);
        Ipv4 target = resolve(seed);
        firstSeed = target;
        Optional<Ipv4> source = linux.sourceFor(target);
        Ipv4 found = source.filter(Ipv4::isUnicast)
                .orElseThrow(() -> new Refusal(
                        Refusal.UNAVAILABLE,
                        "node-ip: not set, and the route to the first seed " + seed
                                + " names no address; set --node-ip"));
        LOG.info("node IP {} found by the route to the first seed {}", found, seed);
        return found;
    }

    private static Ipv4 resolve(Seed seed) throws Refusal {
        if (seed.address().isPresent()) {
            return seed.address().get();
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(seed.host())) {
                if (address instanceof Inet4Address) {
                    return new Ipv4(ByteBuffer.wrap(address.getAddress()).getInt());
                }
            }
        } catch (UnknownHostException e) {
            LOG.debug("resolving {}", seed.host(), e);
        }
        throw new Refusal(
                Refusal.UNAVAILABLE,
                "node-ip: not set, and the first seed " + seed + " resolves to no IPv4 address; set --node-ip");
    }

    private static String addresses(Dump dump) {
        return dump.links().stream()
                .flatMap(link -> link.addresses().stream().map(a -> a.local() + " on " + link.name()))
                .limit(20)
                .collect(Collectors.joining(", "));
    }
}
