package io.onlink.netlink;

import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import io.onlink.route.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Makes changes of links and addresses, one at a time. */
final class LinkChanges {
    /** {@code sizeof(struct ifreq)}. */
    private static final int IFREQ = 40;

    private final NetlinkConnection connection;

    LinkChanges(NetlinkConnection connection) {
        this.connection = connection;
    }

    /** Makes the change, or says why it is refused. */
    Optional<Failure> apply(Change change) throws KernelException {
        if (change instanceof Change.EnableForwarding) {
            return ProcFiles.forward(change);
        }
        Refusal refusal = null;
        if (change instanceof Change.CreateLink create) {
            refusal = create(create);
        } else if (change instanceof Change.AddAddress add) {
            refusal = address(Uapi.RTM_NEWADDR, add.link(), add.address(), Errno.EEXIST);
        } else if (change instanceof Change.DeleteAddress delete) {
            refusal = traveller(delete);
            if (refusal == null) {
                refusal = address(Uapi.RTM_DELADDR, delete.link(), delete.address(), Errno.EADDRNOTAVAIL);
            }
        } else if (change instanceof Change.SetMtu set) {
            LinkMessage.writeMtu(connection.request(), set.link(), set.mtu());
            refusal = exchange();
        } else if (change instanceof Change.SetDown set) {
            LinkMessage.writeDown(connection.request(), set.link());
            refusal = exchange();
        } else if (change instanceof Change.DeleteLink delete) {
            LinkMessage.writeDelete(connection.request(), delete.link());
            refusal = exchange();
        } else if (change instanceof Change.SetUp set) {
            LinkMessage.writeUp(connection.request(), set.link());
            refusal = exchange();
        }
        return Optional.ofNullable(refusal).map(why -> why.of(change));
    }

    /** The index of the link of that name, if there is one. */
    OptionalInt index(String name) throws KernelException {
        int[] index = new int[1];
        LinkMessage.request(connection.request(), name);
        Refusal refusal = connection
                .exchange(message -> {
                    index[0] = LinkMessage.decode(message).index();
                    return null;
                })
                .get(0);
        if (refusal != null && refusal.errno() != Errno.ENODEV) {
            throw refusal.of("look up the link " + name);
        }
        return refusal == null ? OptionalInt.of(index[0]) : OptionalInt.empty();
    }

    /** The name of the link of that index, if there is one. */
    Optional<String> name(int index) throws KernelException {
        String[] name = new String[1];
        LinkMessage.request(connection.request(), index);
        var unused = connection.exchange(message -> {
            name[0] = LinkMessage.decode(message).name();
            return null;
        });
        return Optional.ofNullable(name[0]);
    }

    private @Nullable Refusal address(int type, String link, Link.Address address, int done) throws KernelException {
        OptionalInt index = index(link);
        if (index.isEmpty()) {
            return new Refusal(Errno.ENODEV, "there is no link " + link);
        }
        AddressMessage.write(connection.request(), type, address, index.getAsInt());
        Refusal refusal = exchange();
        return refusal != null && refusal.errno() == done ? null : refusal;
    }

    /**
     * A no while a route of somebody else goes out of the link by the address: with its last address a link loses all its
     * routes but those through nexthop objects, and with any address those that name it as their source, without a word.
     */
    private @Nullable Refusal traveller(Change.DeleteAddress delete) throws KernelException {
        OptionalInt index = index(delete.link());
        if (index.isEmpty()) {
            return null;
        }
        int oif = index.getAsInt();
        AddressMessage.requestDump(connection.request());
        NetlinkConnection.Answer<AddressMessage> addresses = connection.dump(Uapi.RTM_NEWADDR, AddressMessage::decode);
        if (addresses.refusal() != null) {
            throw addresses.refusal().of("list the addresses");
        }
        boolean last = addresses.values().stream()
                .filter(other -> other.index() == oif)
                .allMatch(other -> other.local().equals(delete.address().local())
                        && other.length() == delete.address().length());
        return foreign(oif).stream()
                .filter(route -> route.oif() == oif && route.nexthop() == 0)
                .filter(route -> last || delete.address().local().equals(route.source()))
                .findFirst()
                .map(route -> new Refusal(
                        Errno.EBUSY,
                        "the foreign route " + text(route) + " goes by it and would go too; delete that route first"))
                .orElse(null);
    }

    /**
     * A route of somebody else, if there is any, that would go with the link: all that lead out of it do, those through
     * nexthop objects and with several paths too, whose link the kernel may leave out of what it tells of them.
     */
    Optional<String> foreignRoute(String link) throws KernelException {
        OptionalInt index = index(link);
        if (index.isEmpty()) {
            return Optional.empty();
        }
        int oif = index.getAsInt();
        return foreign(oif).stream()
                .filter(route -> route.oif() == oif || (route.oif() == 0 && (route.nexthop() != 0 || route.special())))
                .findFirst()
                .map(LinkChanges::text);
    }

    /** The routes of others out of a link; of all links before Linux 4.20. */
    private List<RouteMessage> foreign(int oif) throws KernelException {
        RouteMessage.requestDumpOfAll(connection.request(), oif);
        NetlinkConnection.Answer<RouteMessage> routes =
                connection.dump(Uapi.RTM_NEWROUTE, message -> RouteMessage.decode(message));
        if (routes.refusal() != null) {
            throw routes.refusal().of("list the routes of others");
        }
        return routes.values().stream()
                .filter(route -> route.protocol() != Route.PROTOCOL && route.protocol() != Uapi.RTPROT_KERNEL)
                .toList();
    }

    private static String text(RouteMessage route) {
        return route.dst() + " (protocol " + route.protocol() + ", table " + route.table() + ")";
    }

    /**
     * Creates a link. The ipip module makes its fallback device tunl0 as it is loaded: asking for the device by name
     * loads the module, and so does asking for the kind, which is then refused because the name is taken.
     */
    private @Nullable Refusal create(Change.CreateLink create) throws KernelException {
        String name = create.name();
        String kind = create.kind();
        if (kind.equals("ipip")) {
            loadByName(name);
        }
        if (index(name).isPresent()) {
            return null;
        }
        LinkMessage.writeCreate(connection.request(), name, kind, create.local());
        Refusal refusal = exchange();
        if (refusal == null || (refusal.errno() == Errno.EEXIST && index(name).isPresent())) {
            return null;
        }
        if (refusal.errno() == Errno.EOPNOTSUPP || refusal.errno() == Errno.ENODEV) {
            String text = "this kernel has no " + kind + " module; `modprobe " + kind
                    + "` or install the kernel's extra modules";
            return new Refusal(refusal.errno(), text);
        }
        return refusal;
    }

    /** An old-style request about a link that is missing makes the kernel load the module {@code netdev-name}. */
    private static void loadByName(String name) throws KernelException {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        if (octets.length >= Uapi.IFNAMSIZ) {
            return;
        }
        int fd = LibC.socket(Uapi.AF_INET, Uapi.SOCK_DGRAM | Uapi.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw NetlinkSocket.broken("open a socket", fd);
        }
        LibC.Block request = new LibC.Block(IFREQ);
        for (int i = 0; i < octets.length; i++) {
            request.buffer.put(i, octets[i]);
        }
        // Whether it is there now is looked up by whoever called.
        LibC.ioctl(fd, Uapi.SIOCGIFFLAGS, request);
        LibC.close(fd);
    }

    private @Nullable Refusal exchange() throws KernelException {
        return connection.exchange(message -> null).get(0);
    }
}
