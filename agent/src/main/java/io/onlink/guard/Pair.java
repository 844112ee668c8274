package io.onlink.guard;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;

/**
 * A peer and one subnet behind it: what the two source addresses of its packets may be.
 *
 * @param outer source of the outer header: the peer's node IP
 * @param inner prefix that the source of the inner header is in
 */
public record Pair(Ipv4 outer, Ipv4Prefix inner) implements Comparable<Pair> {
    /** Whether whatever the other lets in, this lets in. */
    boolean covers(Pair other) {
        return outer.equals(other.outer) && inner.contains(other.inner);
    }

    @Override
    public int compareTo(Pair other) {
        int outers = outer.compareTo(other.outer);
        return outers != 0 ? outers : inner.compareTo(other.inner);
    }

    /** As nft writes an element: {@code 10.99.0.2 . 10.42.2.0/24}. */
    @Override
    public String toString() {
        return outer + " . " + inner;
    }
}
