package io.onlink.config;

import io.onlink.inet.Ipv4;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From the text of one setting to its value; what is no such value is an IllegalArgumentException that says why. */
final class Notation {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration OLDEST = Duration.ofDays(7);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,8})(ms|s|m|h)");

    /** In a mesh of so many nodes all have some 200,000 series of peers together, which one Prometheus takes easily. */
    private static final int AUTO_PEER_SERIES = 128;

    /** IFNAMSIZ of linux/if.h less the final zero. */
    private static final int MAX_LINK_NAME = 15;

    /** sun_path of linux/un.h holds 107 bytes and a zero; "/onlink.sock" is 12 of them, which leaves 95. */
    private static final int MAX_RUN_DIR = 95;

    private Notation() {}

    static String nodeName(String text) {
        if (!text.matches("[A-Za-z0-9._-]{1,63}")) {
            throw bad(text, "is not 1 to 63 characters of A-Z a-z 0-9 . _ -");
        }
        return text;
    }

    static Ipv4 nodeIp(String text) {
        Ipv4 address = Ipv4.parse(text);
        if (!address.isUnicast()) {
            throw bad(text, "is no address that peers can reach; loopback, multicast and reserved ones are not");
        }
        return address;
    }

    static Ipv4 listenAddress(String text) {
        Ipv4 address = Ipv4.parse(text);
        if (!address.isUnicast() && !address.isLoopback() && !address.equals(Ipv4.ANY)) {
            throw bad(text, "is no address to listen at");
        }
        return address;
    }

    static int port(String text) {
        return number(text, 1, 65535).orElseThrow(() -> bad(text, "is not a port, 1 to 65535"));
    }

    static int prefixLength(String text) {
        return number(text, 0, 32).orElseThrow(() -> bad(text, "is not a prefix length, 0 to 32"));
    }

    static int percentage(String text) {
        return number(text, 1, 100).orElseThrow(() -> bad(text, "is not a percentage, 1 to 100"));
    }

    /** Up to how many peers each has metrics of its own. */
    static int peerSeries(String text) {
        return text.equals("auto")
                ? AUTO_PEER_SERIES
                : number(text, 0, 10_000).orElseThrow(() -> bad(text, "is neither auto nor 0 to 10000 peers"));
    }

    static OptionalInt mtu(String text) {
        // 68: the least an IPv4 link must carry (RFC 791 section 3.2). 65535: the longest IPv4 packet.
        OptionalInt mtu = number(text, 68, 65535);
        if (mtu.isEmpty() && !text.equals("auto")) {
            throw bad(text, "is neither auto nor 68 to 65535 bytes");
        }
        return mtu;
    }

    static String linkName(String text) {
        boolean dots = text.equals(".") || text.equals("..");
        if (dots || text.length() > MAX_LINK_NAME || !text.matches("[A-Za-z0-9._-]+")) {
            throw bad(text, "is no link name: 1 to " + MAX_LINK_NAME + " characters of A-Z a-z 0-9 . _ -");
        }
        return text;
    }

    /** None at all, or 1 s to a week. */
    static Duration age(String text) {
        Duration age = time(text);
        if (!age.isZero() && (age.compareTo(SHORTEST) < 0 || age.compareTo(OLDEST) > 0)) {
            throw bad(text, "is neither 0s nor between 1s and 168h");
        }
        return age;
    }

    static Duration duration(String text) {
        Duration duration = time(text);
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw bad(text, "is not between 1s and 1h");
        }
        return duration;
    }

    private static Duration time(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw bad(text, "is not a time such as 1500ms, 60s, 5m or 1h");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    static boolean yesNo(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw bad(text, "is neither true nor false");
        }
        return text.equals("true");
    }

    static Path absolute(String text) {
        Path path = path(text);
        if (!path.isAbsolute()) {
            throw bad(text, "is not an absolute path");
        }
        return path;
    }

    static Path runDir(String text) {
        Path path = absolute(text);
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_RUN_DIR) {
            throw bad(
                    text,
                    "has " + length + " bytes; a socket in it can have a name only if it has at most " + MAX_RUN_DIR);
        }
        return path;
    }

    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw bad(text, "is not a path");
        }
    }

    /** One of the constants of the enum, in lower case. */
    static <E extends Enum<E>> E choice(Class<E> type, String text) {
        E[] all = type.getEnumConstants();
        return Arrays.stream(all)
                .filter(e -> lower(e).equals(text))
                .findFirst()
                .orElseThrow(() -> bad(
                        text,
                        "is not "
                                + String.join(
                                        " or ",
                                        Arrays.stream(all).map(Notation::lower).toList())));
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Whether the last label is a number, which no top-level domain is (RFC 3696 section 2): then it is an address. */
    static boolean looksNumeric(String host) {
        return host.substring(host.lastIndexOf('.') + 1).matches("[0-9]+");
    }

    private static OptionalInt number(String text, int least, int most) {
        if (!text.matches("[0-9]{1,6}")) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(text);
        return number < least || number > most ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("'" + text + "' " + why);
    }
}
