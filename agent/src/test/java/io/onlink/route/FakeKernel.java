package io.onlink.route;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A kernel in memory that keeps the real one's manners, as measured, and prints itself as {@code ip route} text. */
public final class FakeKernel implements Kernel {
    private final String tunnel;
    private final FakeTables tables = new FakeTables();
    private final Map<String, Link> links = new TreeMap<>();
    private final Set<Ipv4Prefix> refused = new HashSet<>();
    private final Set<Long> kept = new HashSet<>();
    private final List<String> log = new ArrayList<>();
    private final boolean nexthopObjects;
    private boolean forwarding;
    private int brokenDumps;

    /** A host whose eth0 has the address, with or without nexthop objects in its kernel. */
    public FakeKernel(String eth0, boolean nexthopObjects) {
        this(eth0, nexthopObjects, "tunl0");
    }

    /** The same with a tunnel of another name. */
    public FakeKernel(String eth0, boolean nexthopObjects, String tunnel) {
        this.nexthopObjects = nexthopObjects;
        this.tunnel = tunnel;
        links.put("eth0", new Link("eth0", "", 1500, true, List.of(address(eth0))));
    }

    /** Reads {@code 10.42.1.1/24}. */
    public static Link.Address address(String text) {
        String[] parts = text.split("/", 2);
        return new Link.Address(Ipv4.parse(parts[0]), Integer.parseInt(parts[1]), Link.Maker.OTHER);
    }

    /** Does what a command of iproute2 would do, and gives the name of the error or nothing. */
    public String hand(String command) {
        HandWritten words = HandWritten.parse(command);
        return switch (words.object()) {
            case "route" -> routeByHand(words);
            case "nexthop" -> nexthopByHand(words);
            case "link" -> linkByHand(words);
            case "address" -> addressByHand(words);
            default -> throw new IllegalArgumentException(command);
        };
    }

    private String routeByHand(HandWritten words) {
        if (words.verb().equals("del")) {
            return tables.delete(words::means);
        }
        FakeTables.Fib route = words.route();
        String down = route.nhid() == 0 ? down(route.device()) : "";
        if (!down.isEmpty()) {
            return down;
        }
        return switch (words.verb()) {
            case "add" -> tables.add(route);
            case "append" -> tables.append(route);
            case "prepend" -> tables.prepend(route);
            case "replace" -> tables.replace(route);
            default -> throw new IllegalArgumentException(words.toString());
        };
    }

    private String nexthopByHand(HandWritten words) {
        if (words.verb().equals("del")) {
            return tables.deleteHop(words.number("id"));
        }
        return hop(words.hop(), words.verb().equals("replace"));
    }

    private String hop(FakeTables.Hop hop, boolean replace) {
        String down = down(hop.device());
        if (!down.isEmpty() || !replace) {
            return down.isEmpty() ? tables.addHop(hop) : down;
        }
        tables.replaceHop(hop);
        return "";
    }

    private String linkByHand(HandWritten words) {
        String name = words.text("subject");
        if (words.verb().equals("del")) {
            linkGone(name);
        } else if (words.has("mtu")) {
            mtu(name, (int) words.number("mtu"));
        } else if (words.has("up")) {
            make(new Change.SetUp(name));
        } else {
            linkDown(name);
        }
        return "";
    }

    private String addressByHand(HandWritten words) {
        if (words.verb().equals("flush")) {
            flushAddresses(words.text("dev"));
            return "";
        }
        Link.Address address = address(words.text("subject"));
        return words.verb().equals("add")
                ? addAddress(words.text("dev"), address)
                : make(new Change.DeleteAddress(words.text("dev"), address));
    }

    /** {@code ip link set NAME down}: its routes and nexthop objects go without a word. */
    public void linkDown(String name) {
        links.computeIfPresent(name, (n, l) -> new Link(n, l.kind(), l.mtu(), false, l.addresses()));
        tables.down(name);
    }

    /** {@code ip address flush dev NAME}: with the last address its plain routes go without a word. */
    public void flushAddresses(String name) {
        links.computeIfPresent(name, (n, l) -> new Link(n, l.kind(), l.mtu(), l.up(), List.of()));
        tables.noAddress(name);
    }

    /** The device goes: as {@code modprobe -r ipip}. */
    public void linkGone(String name) {
        links.remove(name);
        tables.down(name);
    }

    /** {@code ip link set NAME mtu N}. */
    public void mtu(String name, int mtu) {
        links.computeIfPresent(name, (n, l) -> new Link(n, l.kind(), mtu, l.up(), l.addresses()));
    }

    /** {@code ip route del DST} by hand. */
    public void deleteRoute(String dst) {
        hand("ip route del " + dst);
    }

    /** {@code ip route replace} by hand with another protocol: it eats ours. */
    public void foreignRoute(String dst, String rest) {
        hand("ip route replace " + dst + " " + rest);
    }

    /** The foreign route is taken away again. */
    public void foreignRouteGone(String dst) {
        hand("ip route del " + dst);
    }

    /** A route of our protocol by somebody else's hand; an altered one goes out of eth0. */
    public void routeByHand(Route route) {
        tables.replace(fib(route, route.intact() ? tunnel : "eth0"));
    }

    /** Another daemon's nexthop object. */
    public void foreignNexthop(long id) {
        tables.addHop(new FakeTables.Hop(id, "static", Ipv4.parse("192.0.2.1"), "eth0"));
    }

    /** Refuses this destination with EINVAL from now on. */
    public void refuse(String dst) {
        refused.add(Ipv4Prefix.parse(dst));
    }

    /** Refuses none any more. */
    public void refuseNone() {
        refused.clear();
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
        return new Dump(
                List.copyOf(links.values()), tables.table(tunnel), tables.foreignHops(), nexthopObjects, forwarding);
    }

    @Override
    public List<Failure> apply(List<Change> changes) {
        List<Failure> failures = new ArrayList<>();
        kept.clear();
        for (Change change : changes) {
            boolean busy = change instanceof Change.DeleteAddress delete && carriesForeign(delete);
            String errno = busy ? "EBUSY" : make(change);
            log.add(change + (errno.isEmpty() ? "" : " " + errno));
            if (!errno.isEmpty()) {
                failures.add(new Failure(change, errno, "refused"));
            }
        }
        return failures;
    }

    /** Whether routes of others go by the address alone, and would go with it. */
    private boolean carriesForeign(Change.DeleteAddress delete) {
        Link link = links.get(delete.link());
        return link != null
                && link.addresses().stream().allMatch(delete.address()::same)
                && tables.hasForeignOutOf(delete.link());
    }

    private String make(Change change) {
        if (change instanceof Change.AddRoute add) {
            String no = refusal(add.route());
            return no.isEmpty() ? tables.add(fib(add.route(), tunnel)) : no;
        }
        if (change instanceof Change.ReplaceRoute replace) {
            return replace(replace);
        }
        if (change instanceof Change.DeleteRoute delete) {
            tables.delete(fib -> means(delete.route(), fib)); // gone already is as good
            return links.containsKey(tunnel) ? "" : "ENODEV";
        }
        if (change instanceof Change.AddNexthop add) {
            return hop(hop(add.nexthop()), false);
        }
        if (change instanceof Change.ReplaceNexthop replace) {
            return hop(hop(replace.after()), true);
        }
        if (change instanceof Change.DeleteNexthop delete) {
            if (kept.contains(delete.nexthop().id())
                    || tables.carriesForeign(delete.nexthop().id())) {
                return "EBUSY";
            }
            tables.deleteHop(delete.nexthop().id());
            return links.containsKey(tunnel) ? "" : "ENODEV";
        }
        return makeLink(change);
    }

    private String replace(Change.ReplaceRoute change) {
        String refusal = refusal(change.after());
        String no = refusal.isEmpty() ? tables.append(fib(change.after(), tunnel)) : refusal;
        if (no.isEmpty() || no.equals("EEXIST")) {
            tables.delete(fib -> means(change.before(), fib));
        } else {
            kept.add(change.before().nexthop());
        }
        return no;
    }

    private String refusal(Route route) {
        if (refused.contains(route.dst())) {
            return "EINVAL";
        }
        return route.nexthop() == 0 || !links.containsKey(tunnel) ? down(tunnel) : "";
    }

    private String down(String device) {
        Link link = links.get(device);
        return link == null ? "ENODEV" : link.up() ? "" : "ENETDOWN";
    }

    private static FakeTables.Fib fib(Route route, String device) {
        boolean plain = route.nexthop() == 0;
        Ipv4 gateway = plain ? route.gateway() : Ipv4.ANY;
        return new FakeTables.Fib(route.dst(), 0, "onlink", route.nexthop(), gateway, plain ? device : "", plain);
    }

    private FakeTables.Hop hop(Nexthop nexthop) {
        return new FakeTables.Hop(nexthop.id(), "onlink", nexthop.gateway(), tunnel);
    }

    /** Whether a dump had given the route for that one of ours. */
    private boolean means(Route route, FakeTables.Fib fib) {
        boolean asWritten =
                fib.metric() == 0 && (fib.nhid() != 0 || (fib.device().equals(tunnel) && fib.onlink()));
        return fib.protocol().equals("onlink")
                && fib.dst().equals(route.dst())
                && fib.nhid() == route.nexthop()
                && (fib.nhid() != 0 || fib.gateway().equals(route.gateway()))
                && (route.nexthop() != 0 || asWritten == route.intact());
    }

    private String makeLink(Change change) {
        if (change instanceof Change.CreateLink create) {
            links.putIfAbsent(create.name(), new Link(create.name(), create.kind(), 1480, false, List.of()));
        } else if (change instanceof Change.SetMtu set && set.mtu() > LinkPlan.LONGEST_PACKET - LinkPlan.OVERHEAD) {
            return "EINVAL"; // ip_tunnel_change_mtu
        } else if (change instanceof Change.SetMtu set) {
            mtu(set.link(), set.mtu());
        } else if (change instanceof Change.SetUp up) {
            links.computeIfPresent(up.link(), (n, l) -> new Link(n, l.kind(), l.mtu(), true, l.addresses()));
        } else if (change instanceof Change.AddAddress add) {
            addAddress(add.link(), add.address()); // there already is as good
        } else if (change instanceof Change.DeleteAddress delete) {
            links.computeIfPresent(delete.link(), (n, l) -> {
                List<Link.Address> rest = new ArrayList<>(l.addresses());
                if (rest.removeIf(delete.address()::same) && rest.isEmpty()) {
                    tables.noAddress(n);
                }
                return new Link(n, l.kind(), l.mtu(), l.up(), rest);
            });
        } else if (change instanceof Change.SetDown down) {
            linkDown(down.link());
        } else if (change instanceof Change.DeleteLink delete) {
            linkGone(delete.link());
        } else if (change instanceof Change.EnableForwarding) {
            forwarding = true;
        }
        return "";
    }

    private String addAddress(String name, Link.Address address) {
        Link link = links.get(name);
        if (link == null || link.has(address)) {
            return link == null ? "ENODEV" : "EEXIST";
        }
        List<Link.Address> addresses = new ArrayList<>(link.addresses());
        addresses.add(address);
        links.put(name, new Link(name, link.kind(), link.mtu(), link.up(), addresses));
        return "";
    }

    @Override
    public LinkCounters counters(String link) {
        return LinkCounters.ZERO;
    }

    @Override
    public void close() {}

    /** The routes that are not of protocol 114, as values to be compared. */
    public List<?> foreign() {
        return tables.foreign();
    }

    /** The main table as {@code ip route} prints it, without the connected routes. */
    @Override
    public String toString() {
        return tables.routes();
    }

    /** The nexthop objects as {@code ip nexthop} prints them. */
    public String nexthops() {
        return tables.hops();
    }

    /** A link as {@code ip -br address} prints it, with its MTU. */
    public String link(String name) {
        Link link = links.get(name);
        return link == null
                ? "no " + name
                : name + " " + (link.up() ? "UP" : "DOWN") + " mtu " + link.mtu() + " " + link.addresses();
    }
}
