package io.onlink.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What else of a host decides whether packets pass, as far as files tell; of the calling thread's network namespace. */
public final class HostFiles {
    private static final Path IPV4 = Path.of("/proc/sys/net/ipv4");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final Path LEGACY_TABLES = Path.of("/proc/thread-self/net/ip_tables_names");

    /** From the directory of the switches. */
    private static final String TRACKING = "../netfilter/nf_conntrack_";

    /** Longest switch that is read, in bytes. */
    private static final int LONGEST = 64;

    private HostFiles() {}

    /** A switch, such as {@code conf/tunl0/rp_filter}; empty if there is none, or none that can be read. */
    public static OptionalInt read(String name) {
        try {
            byte[] bytes;
            try (var in = Files.newInputStream(IPV4.resolve(name))) {
                bytes = in.readNBytes(LONGEST);
            }
            return OptionalInt.of(
                    Integer.parseInt(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** How full the table of connection tracking is, in percent; empty if there is none. */
    public static OptionalInt trackedPercent() {
        OptionalInt count = read(TRACKING + "count");
        OptionalInt most = read(TRACKING + "max");
        return count.isPresent() && most.isPresent() && most.getAsInt() > 0
                ? OptionalInt.of((int) (100L * count.getAsInt() / most.getAsInt()))
                : OptionalInt.empty();
    }

    /** Sets a switch. */
    public static void write(String name, int value) throws IOException {
        Files.writeString(IPV4.resolve(name), value + "\n", StandardOpenOption.WRITE);
    }

    /** The links that have switches; {@code all} and {@code default} too. */
    public static List<String> links() throws IOException {
        try (Stream<Path> links = Files.list(IPV4.resolve("conf"))) {
            return links.map(link -> link.getFileName().toString()).sorted().toList();
        }
    }

    /** Names this run of the kernel and this network namespace: what was read in another holds no more. */
    public static String here() throws IOException {
        return Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(NAMESPACE);
    }

    /** Whether the older iptables has a filter table here, which cannot be looked into by reading files. */
    public static boolean hasLegacyFilter() {
        try {
            return Files.readAllLines(LEGACY_TABLES).contains("filter");
        } catch (IOException e) {
            return false;
        }
    }
}
