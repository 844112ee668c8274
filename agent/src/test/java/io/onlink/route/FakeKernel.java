package io.onlink.route;

import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A kernel in memory that keeps the real one's manners, as measured, and prints itself as {@code ip route} text. */
public final class FakeKernel implements Kernel {
    private final Map<String, Link> links = new TreeMap<>();
    private final Map<Ipv4Prefix, Route> routes = new TreeMap<>();
    private final Map<Ipv4Prefix, String> foreign = new TreeMap<>();
    private final Map<Long, Nexthop> nexthops = new TreeMap<>();
    private final Set<Ipv4Prefix> refused = new HashSet<>();
    private final Set<Long> foreignNexthops = new HashSet<>();
    private final List<String> log = new ArrayList<>();
    private boolean nexthopObjects;
    private boolean forwarding;
    private int brokenDumps;

    /** A host whose eth0 has the address, with or without nexthop objects in its kernel. */
    public FakeKernel(String eth0, boolean nexthopObjects) {
        this.nexthopObjects = nexthopObjects;
        links.put("eth0", new Link("eth0", "", 1500, true, List.of(address(eth0))));
    }

    /** Reads {@code 10.42.1.1/24}. */
    public static Link.Address address(String text) {
        String[] parts = text.split("/", 2);
        return new Link.Address(io.onlink.inet.Ipv4.parse(parts[0]), Integer.parseInt(parts[1]), Link.Maker.OTHER);
    }

    /** {@code ip link set NAME down}: its routes and nexthop objects go without a word. */
    public void linkDown(String name) {
        links.computeIfPresent(name, (n, l) -> new Link(n, l.kind(), l.mtu(), false, l.addresses()));
        flush();
    }

    /** {@code ip address flush dev NAME}: with the last address the routes go without a word. */
    public void flushAddresses(String name) {
        links.computeIfPresent(name, (n, l) -> new Link(n, l.kind(), l.mtu(), l.up(), List.of()));
        flush();
    }

    /** The device goes: as {@code modprobe -r ipip}. */
    public void linkGone(String name) {
        links.remove(name);
        flush();
    }

    private void flush() {
        routes.clear();
        nexthops.clear();
    }

    /** {@code ip link set NAME mtu N}. */
    public void mtu(String name, int mtu) {
        links.computeIfPresent(name, (n, l) -> new Link(n, l.kind(), mtu, l.up(), l.addresses()));
    }

    /** {@code ip route del DST} by hand. */
    public void deleteRoute(String dst) {
        routes.remove(Ipv4Prefix.parse(dst));
    }

    /** {@code ip route replace} by hand with another protocol: it eats ours. */
    public void foreignRoute(String dst, String rest) {
        routes.remove(Ipv4Prefix.parse(dst));
        foreign.put(Ipv4Prefix.parse(dst), rest);
    }

    /** The foreign route is taken away again. */
    public void foreignRouteGone(String dst) {
        foreign.remove(Ipv4Prefix.parse(dst));
    }

    /** A route of our protocol by somebody else's hand. */
    public void routeByHand(Route route) {
        routes.put(route.dst(), route);
    }

    /** Another daemon's nexthop object. */
    public void foreignNexthop(long id) {
        foreignNexthops.add(id);
    }

    /** Refuses this destination with EINVAL from now on. */
    public void refuse(String dst) {
        refused.add(Ipv4Prefix.parse(dst));
    }

    /** The next dumps are interrupted or short. */
    public void breakDumps(int count) {
        brokenDumps = count;
    }

    /** What was written since the last call. */
    public List<String> written() {
        List<String> written = List.copyOf(log);
        log.clear();
        return written;
    }

    @Override
    public Dump dump() throws KernelException {
        if (brokenDumps > 0) {
            brokenDumps--;
            throw new KernelException("the dump of routes was interrupted 5 times", "EINTR");
        }
        Table table = Table.of(routes.values(), nexthops.values());
        return new Dump(List.copyOf(links.values()), table, foreignNexthops, nexthopObjects, forwarding);
    }

    @Override
    public List<Failure> apply(List<Change> changes) {
        List<Failure> failures = new ArrayList<>();
        for (Change change : changes) {
            String errno = make(change);
            log.add(change + (errno.isEmpty() ? "" : " " + errno));
            if (!errno.isEmpty()) {
                failures.add(new Failure(change, errno, "refused"));
            }
        }
        return failures;
    }

    private String make(Change change) {
        if (change instanceof Change.AddRoute add) {
            boolean taken = routes.containsKey(add.route().dst())
                    || foreign.containsKey(add.route().dst());
            return taken ? "EEXIST" : put(add.route());
        }
        if (change instanceof Change.ReplaceRoute replace) {
            foreign.remove(replace.after().dst()); // as the kernel does: whoever replaces must know what is there
            return put(replace.after());
        }
        if (change instanceof Change.DeleteRoute delete) {
            return routes.remove(delete.route().dst()) == null ? "ESRCH" : "";
        }
        if (change instanceof Change.AddNexthop add) {
            boolean taken = foreignNexthops.contains(add.nexthop().id())
                    || nexthops.putIfAbsent(add.nexthop().id(), add.nexthop()) != null;
            return taken ? "EEXIST" : "";
        }
        if (change instanceof Change.ReplaceNexthop replace) {
            nexthops.put(replace.after().id(), replace.after());
            routes.replaceAll((dst, route) ->
                    route.nexthop() == replace.after().id() ? Route.through(dst, replace.after()) : route);
            return "";
        }
        if (change instanceof Change.DeleteNexthop delete) {
            routes.values()
                    .removeIf(route -> route.nexthop() == delete.nexthop().id());
            return nexthops.remove(delete.nexthop().id()) == null ? "ENOENT" : "";
        }
        return makeLink(change);
    }

    private String put(Route route) {
        boolean up = Optional.ofNullable(links.get("tunl0")).map(Link::up).orElse(false);
        if (refused.contains(route.dst()) || (route.nexthop() != 0 && !nexthops.containsKey(route.nexthop()))) {
            return "EINVAL";
        }
        if (!up) {
            return "ENETDOWN";
        }
        routes.put(route.dst(), route);
        return "";
    }

    private String makeLink(Change change) {
        if (change instanceof Change.CreateLink create) {
            links.put(create.name(), new Link(create.name(), create.kind(), 1480, false, List.of()));
        } else if (change instanceof Change.SetMtu set) {
            mtu(set.link(), set.mtu());
        } else if (change instanceof Change.SetUp up) {
            links.computeIfPresent(up.link(), (n, l) -> new Link(n, l.kind(), l.mtu(), true, l.addresses()));
        } else if (change instanceof Change.AddAddress add) {
            links.computeIfPresent(add.link(), (n, l) -> {
                List<Link.Address> addresses = new ArrayList<>(l.addresses());
                addresses.add(add.address());
                return new Link(n, l.kind(), l.mtu(), l.up(), addresses);
            });
        } else if (change instanceof Change.DeleteAddress delete) {
            links.computeIfPresent(delete.link(), (n, l) -> {
                List<Link.Address> rest = new ArrayList<>(l.addresses());
                rest.remove(delete.address());
                if (rest.isEmpty()) {
                    flush();
                }
                return new Link(n, l.kind(), l.mtu(), l.up(), rest);
            });
        } else if (change instanceof Change.EnableForwarding) {
            forwarding = true;
        }
        return "";
    }

    @Override
    public LinkCounters counters(String link) {
        return LinkCounters.ZERO;
    }

    @Override
    public void close() {}

    /** The main table as {@code ip route} prints it, without the connected routes. */
    @Override
    public String toString() {
        Map<Ipv4Prefix, String> lines = new TreeMap<>();
        foreign.forEach((dst, rest) -> lines.put(dst, dst + " " + rest));
        routes.forEach((dst, route) -> lines.put(dst, route + " dev tunl0 proto onlink onlink"));
        return lines.values().stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** A link as {@code ip -br address} prints it, with its MTU. */
    public String link(String name) {
        Link link = links.get(name);
        return link == null
                ? "no " + name
                : name + " " + (link.up() ? "UP" : "DOWN") + " mtu " + link.mtu() + " " + link.addresses();
    }
}
