package io.onlink.host;

import java.util.Arrays;
import java.util.List;

/**
 * Something on this host that keeps the mesh's packets from passing, or may.
 *
 * @param kind which sort
 * @param text what it is, where, and what to do
 */
public record Obstacle(Kind kind, String text) {
    /** A sort of obstacle. */
    public enum Kind {
        /** A link that packets arrive by does not pass them on. */
        FORWARDING("forwarding"),
        /** A peer's packets arrive by another link than answers leave by, and strict filtering drops them. */
        RP_FILTER("rp_filter"),
        /** What the tunnel sends bears another source than the node IP, and the peers' guards drop it. */
        SOURCE("source"),
        /** The table of connection tracking is all but full, and what finds no room in it is dropped. */
        CONNTRACK("conntrack"),
        /** A firewall drops forwarded packets unless a rule accepts them. */
        FIREWALL_FORWARD("firewall_forward"),
        /** A firewall drops packets to this host, IPIP among them, unless a rule accepts them. */
        FIREWALL_INPUT("firewall_input");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** As metrics name it. */
        public String label() {
            return label;
        }

        /** All of them. */
        public static List<String> labels() {
            return Arrays.stream(values()).map(Kind::label).toList();
        }
    }
}
