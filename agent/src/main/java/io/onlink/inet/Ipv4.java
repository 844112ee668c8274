package io.onlink.inet;

/**
 * An IPv4 address (RFC 791).
 *
 * @param bits the address with its first octet most significant: 172.16.165.33 is 0xac10a521
 */
public record Ipv4(int bits) implements Comparable<Ipv4> {
    /** 0.0.0.0, "this host" (RFC 1122 section 3.2.1.3). */
    public static final Ipv4 ANY = new Ipv4(0);

    /**
     * Reads dotted-quad notation: four decimal octets without leading zeros.
     *
     * @throws IllegalArgumentException with a message that names the text, if it is anything else
     */
    public static Ipv4 parse(String text) {
        String[] octets = text.split("\\.", -1);
        int bits = 0;
        for (String octet : octets) {
            bits = bits << 8 | octet(octet, text);
        }
        if (octets.length != 4) {
            throw notAnAddress(text);
        }
        return new Ipv4(bits);
    }

    private static int octet(String digits, String text) {
        boolean wellFormed =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!wellFormed || (digits.length() > 1 && digits.charAt(0) == '0') || Integer.parseInt(digits) > 255) {
            throw notAnAddress(text);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("'" + text + "' is not an IPv4 address such as 172.16.165.33");
    }

    /** True for an address a host can own: not 0/8, loopback, multicast, class E or broadcast (RFC 1122, RFC 6890). */
    public boolean isUnicast() {
        int first = bits >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    /** Whether the address lies in 127.0.0.0/8. */
    public boolean isLoopback() {
        return bits >>> 24 == 127;
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
