package io.onlink.netlink;

import io.onlink.route.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What else of a host decides whether packets pass: switches in {@code /proc/sys/net/ipv4}, and the firewall's chains.
 * Of the calling thread's network namespace.
 */
public final class HostFiles {
    private static final Path IPV4 = Path.of("/proc/sys/net/ipv4");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final Path LEGACY_TABLES = Path.of("/proc/thread-self/net/ip_tables_names");

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

    /**
     * The chains for IPv4 that drop what no rule of theirs accepts, of nftables and of the iptables built on it; none where
     * the kernel has no nftables or the agent may not look.
     */
    public static List<HookChain> droppingChains() throws KernelException {
        List<HookChain> chains = new ArrayList<>();
        try (NetlinkConnection connection =
                new NetlinkConnection(() -> NetlinkConnection.connect(Uapi.NETLINK_NETFILTER))) {
            connection.request().start(Uapi.NFT_MSG_GETCHAIN, Uapi.NLM_F_DUMP).octets(0, 0, 0, 0);
            connection
                    .dump(Uapi.NFT_MSG_NEWCHAIN, HostFiles::chain)
                    .values()
                    .forEach(chain -> chain.ifPresent(chains::add));
        }
        return chains;
    }

    /** Empty for a chain that is none of interest; what cannot be read is none of ours to refuse. */
    private static Optional<HookChain> chain(MessageReader message) throws NetlinkException {
        AttributeReader attributes = message.attributes(Integer.BYTES);
        String family = family(message.octet(0));
        String table = "";
        String name = "";
        int hook = -1;
        int policy = -1;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.NFTA_CHAIN_TABLE -> table = attributes.text(Uapi.NFT_NAME_MAXLEN);
                case Uapi.NFTA_CHAIN_NAME -> name = attributes.text(Uapi.NFT_NAME_MAXLEN);
                case Uapi.NFTA_CHAIN_HOOK -> hook = hook(attributes.nest());
                case Uapi.NFTA_CHAIN_POLICY -> policy = attributes.address().bits();
                default -> {
                    // Counters, handles and flags are of no interest here.
                }
            }
        }
        boolean forward = hook == Uapi.NF_INET_FORWARD;
        return family != null && policy == Uapi.NF_DROP && (forward || hook == Uapi.NF_INET_LOCAL_IN)
                ? Optional.of(new HookChain(family, table, name, forward))
                : Optional.empty();
    }

    private static @Nullable String family(int family) {
        return family == Uapi.NFPROTO_INET ? "inet" : family == Uapi.NFPROTO_IPV4 ? "ip" : null;
    }

    /** The numbers of nf_tables are in network order, as addresses are. */
    private static int hook(AttributeReader hook) throws NetlinkException {
        int number = -1;
        while (hook.next()) {
            number = hook.type() == Uapi.NFTA_HOOK_HOOKNUM ? hook.address().bits() : number;
        }
        return number;
    }
}
