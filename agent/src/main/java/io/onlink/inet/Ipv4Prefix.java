package io.onlink.inet;

/**
 * An IPv4 prefix in CIDR form (RFC 4632): a network address whose host bits are all zero, and a length.
 *
 * @param base the network address
 * @param length the number of network bits, 0 to 32
 */
public record Ipv4Prefix(Ipv4 base, int length) implements Comparable<Ipv4Prefix> {
    public Ipv4Prefix {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("a prefix length of " + length + " is not between 0 and 32");
        }
        if ((base.bits() & ~mask(length)) != 0) {
            throw new IllegalArgumentException(
                    base + "/" + length + " has host bits set; did you mean " + of(base, length) + "?");
        }
    }

    /** The prefix of the given length that holds the address: its host bits are cleared. */
    public static Ipv4Prefix of(Ipv4 address, int length) {
        return new Ipv4Prefix(new Ipv4(address.bits() & mask(length)), length);
    }

    /**
     * Reads {@code address/length}.
     *
     * @throws IllegalArgumentException with a message that says what is wrong, host bits included
     */
    public static Ipv4Prefix parse(String text) {
        int slash = text.indexOf('/');
        String digits = slash < 0 ? "" : text.substring(slash + 1);
        if (!digits.matches("0|[1-9][0-9]?")) {
            throw new IllegalArgumentException("'" + text + "' is not an IPv4 prefix such as 10.42.1.0/24");
        }
        return new Ipv4Prefix(Ipv4.parse(text.substring(0, slash)), Integer.parseInt(digits));
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }

    /** Whether the address lies in this prefix. */
    public boolean contains(Ipv4 address) {
        return (address.bits() & mask(length)) == base.bits();
    }

    /** Whether every address of the other prefix lies in this one; a prefix contains itself. */
    public boolean contains(Ipv4Prefix other) {
        return other.length >= length && contains(other.base);
    }

    /** Whether the two share an address: one contains the other. */
    public boolean overlaps(Ipv4Prefix other) {
        return contains(other) || other.contains(this);
    }

    /** The address after the network address, by custom the gateway of a subnet; of a /32 its only address. */
    public Ipv4 firstHost() {
        return length == 32 ? base : new Ipv4(base.bits() + 1);
    }

    /** The highest address of the prefix. */
    public Ipv4 last() {
        return new Ipv4(base.bits() | ~mask(length));
    }

    /** Prefixes differ in their upper bits and hash tables go by the lower ones: without mixing, all /24 would collide. */
    @Override
    public int hashCode() {
        return base.bits() * 0x9e3779b9 + length;
    }

    @Override
    public int compareTo(Ipv4Prefix other) {
        int bases = base.compareTo(other.base);
        return bases != 0 ? bases : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return base + "/" + length;
    }
}
