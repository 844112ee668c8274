package io.onlink.route;

import io.onlink.inet.Ipv4;
import java.util.Optional;

/** One step towards what should be; {@code toString} is what a person would type, without {@code dev}, {@code proto} and {@code onlink}. */
public sealed interface Change {
    /** What is done to routes and nexthop objects, as metrics name it: add, replace, delete; empty for all else. */
    default String operation() {
        if (this instanceof AddRoute || this instanceof AddNexthop) {
            return "add";
        }
        if (this instanceof ReplaceRoute || this instanceof ReplaceNexthop) {
            return "replace";
        }
        return this instanceof DeleteRoute || this instanceof DeleteNexthop ? "delete" : "";
    }

    /** The gateway that routes of a change run through, after it; nothing for links and addresses. */
    default Optional<Ipv4> gateway() {
        if (this instanceof AddRoute add) {
            return Optional.of(add.route().gateway());
        }
        if (this instanceof ReplaceRoute replace) {
            return Optional.of(replace.after().gateway());
        }
        if (this instanceof DeleteRoute delete) {
            return Optional.of(delete.route().gateway());
        }
        if (this instanceof AddNexthop add) {
            return Optional.of(add.nexthop().gateway());
        }
        if (this instanceof ReplaceNexthop replace) {
            return Optional.of(replace.after().gateway());
        }
        return this instanceof DeleteNexthop delete
                ? Optional.of(delete.nexthop().gateway())
                : Optional.empty();
    }

    /** Creates the route; refused with EEXIST where a foreign one has its key ({@code NLM_F_CREATE|NLM_F_EXCL}). */
    record AddRoute(Route route) implements Change {
        @Override
        public String toString() {
            return "ip route add " + route;
        }
    }

    /**
     * Replaces a route that our own dump returned and no other of its key: the new one is there before the old one goes
     * ({@code NLM_F_CREATE|NLM_F_APPEND}, then a deletion by full identity), and where it is refused the old one stays.
     */
    record ReplaceRoute(Route before, Route after) implements Change {
        @Override
        public String toString() {
            return "ip route replace " + after;
        }
    }

    /** Deletes a route that our own dump returned, by its full identity, protocol included. */
    record DeleteRoute(Route route) implements Change {
        @Override
        public String toString() {
            return "ip route del " + route;
        }
    }

    /** Creates a nexthop object, refused with EEXIST where the id is taken. */
    record AddNexthop(Nexthop nexthop) implements Change {
        @Override
        public String toString() {
            return "ip nexthop add " + nexthop;
        }
    }

    /** Points one of our nexthop objects elsewhere: all its routes move with it. */
    record ReplaceNexthop(Nexthop before, Nexthop after) implements Change {
        @Override
        public String toString() {
            return "ip nexthop replace " + after;
        }
    }

    /**
     * Deletes one of our nexthop objects; the kernel takes its routes along, so ours go first. Refused with EBUSY while a
     * foreign route runs through it, or one of ours whose replacement was refused just before.
     */
    record DeleteNexthop(Nexthop nexthop) implements Change {
        @Override
        public String toString() {
            return "ip nexthop del " + nexthop;
        }
    }

    /**
     * Creates a link; kind is ipip or bridge. An ipip link loads the module by use, and tunl0 is then its fallback, which
     * takes the packets of no other ipip link: so another has a local address, {@link Ipv4#ANY} for none.
     */
    record CreateLink(String name, String kind, Ipv4 local) implements Change {
        @Override
        public String toString() {
            return "ip link add " + name + " type " + kind + (local.equals(Ipv4.ANY) ? "" : " local " + local);
        }
    }

    /** Adds an address to a link. */
    record AddAddress(String link, Link.Address address) implements Change {
        @Override
        public String toString() {
            return "ip address add " + address + " dev " + link;
        }
    }

    /**
     * Removes an address that the agent put on the link. Refused with EBUSY while a foreign route goes by it that the
     * kernel would take along.
     */
    record DeleteAddress(String link, Link.Address address) implements Change {
        @Override
        public String toString() {
            return "ip address del " + address + " dev " + link;
        }
    }

    /** Sets a link's MTU, in bytes. */
    record SetMtu(String link, int mtu) implements Change {
        @Override
        public String toString() {
            return "ip link set " + link + " mtu " + mtu;
        }
    }

    /** Sets a link up. */
    record SetUp(String link) implements Change {
        @Override
        public String toString() {
            return "ip link set " + link + " up";
        }
    }

    /** Sets a link down. */
    record SetDown(String link) implements Change {
        @Override
        public String toString() {
            return "ip link set " + link + " down";
        }
    }

    /** Deletes a link. */
    record DeleteLink(String link) implements Change {
        @Override
        public String toString() {
            return "ip link del " + link;
        }
    }

    /** Turns {@code net.ipv4.ip_forward} on. */
    record EnableForwarding() implements Change {
        @Override
        public String toString() {
            return "sysctl -w net.ipv4.ip_forward=1";
        }
    }
}
