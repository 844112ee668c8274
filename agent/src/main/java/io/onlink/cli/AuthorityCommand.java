package io.onlink.cli;

import io.onlink.grant.Authority;
import io.onlink.grant.AuthorityKey;
import io.onlink.grant.Grant;
import io.onlink.grant.GrantToken;
import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code onlink authority}: the operator's key, and the grants it signs. Run where the key is, which is on no node. */
final class AuthorityCommand {
    private static final String INIT = "init";
    private static final String SIGN = "sign";
    private static final String SHOW = "show";
    private static final String PRIVATE = "authority.key";
    private static final String PUBLIC = "authority.pub";

    /** Most bytes read of a private key file. */
    private static final int MAX_KEY_FILE = 8192;

    private final PrintStream out;
    private final PrintStream err;

    AuthorityCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    static CommandSpec spec() {
        CommandSpec authority = CommandSpec.create().addOption(Help.help());
        authority.usageMessage().description("Sign which node may claim which subnets and addresses.");
        CommandSpec init = command("Make DIR with a new key: authority.key, secret, and authority.pub for every node.");
        init.addPositional(place("DIR", "Where the two files are made."));
        CommandSpec sign = command("Print a grant, one small file for one node, signed by the key in DIR.");
        sign.addPositional(place("DIR", "Where authority.key is."));
        sign.addOption(option("--name", "NAME", "The node's name.", false));
        sign.addOption(option("--node-ip", "ADDRESS", "A node IP it may use.", true));
        sign.addOption(option("--subnet", "PREFIX", "A prefix that its subnets are, or are parts of.", true));
        CommandSpec show = command("Print what a grant grants.");
        show.addPositional(place("FILE", "The grant."));
        show.addOption(option("--authority", "FILE", "The authority.pub that must have signed it.", false));
        return authority.addSubcommand(INIT, init).addSubcommand(SIGN, sign).addSubcommand(SHOW, show);
    }

    private static CommandSpec command(String description) {
        CommandSpec command = CommandSpec.create().addOption(Help.help());
        command.usageMessage().description(description).sortOptions(false).width(100);
        return command;
    }

    private static PositionalParamSpec place(String label, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .type(String.class)
                .required(true)
                .description(description)
                .build();
    }

    private static OptionSpec option(String name, String label, String description, boolean many) {
        OptionSpec.Builder option = OptionSpec.builder(name)
                .paramLabel(label)
                .required(true)
                .description(description + (many ? " May be repeated; commas separate values." : ""));
        return (many ? option.type(List.class).auxiliaryTypes(String.class).splitRegex(",") : option.type(String.class))
                .build();
    }

    int run(CommandLine command, ParseResult parsed) {
        List<CommandLine> line = parsed.asCommandLineList();
        CommandLine last = line.get(line.size() - 1);
        ParseResult asked = last.getParseResult();
        if (asked.isUsageHelpRequested()) {
            last.usage(out);
            return 0;
        }
        if (line.size() == 1) {
            command.usage(err);
            return OnlinkCommand.USAGE;
        }
        Path place = Path.of(asked.matchedPositionalValue(0, ""));
        try {
            switch (last.getCommandName()) {
                case INIT -> init(place);
                case SIGN -> sign(place, asked);
                default -> show(place, Path.of(asked.matchedOptionValue("--authority", "")));
            }
            return 0;
        } catch (FileAlreadyExistsException e) {
            err.println("onlink: " + e.getFile() + " is there already and is left alone; every grant hangs on it");
        } catch (IOException | UnsupportedOperationException e) {
            err.println("onlink: " + e);
        } catch (IllegalArgumentException e) {
            err.println("onlink: " + e.getMessage());
        }
        return OnlinkCommand.BAD_CONFIG;
    }

    private void init(Path directory) throws IOException {
        Files.createDirectories(directory, mode("rwx------"));
        AuthorityKey.Files files = AuthorityKey.generate();
        create(directory.resolve(PRIVATE), "rw-------", files.privatePem());
        create(directory.resolve(PUBLIC), "rw-r--r--", files.publicPem());
        out.println("authority " + Authority.parse(files.publicPem()).fingerprints() + ": keep "
                + directory.resolve(PRIVATE) + " secret and off the nodes; put " + directory.resolve(PUBLIC)
                + " on every node");
    }

    private static void create(Path file, String permissions, String text) throws IOException {
        Set<StandardOpenOption> fresh = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, fresh, mode(permissions))) {
            channel.write(StandardCharsets.US_ASCII.encode(text));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions)); // whatever the umask
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private void sign(Path directory, ParseResult asked) throws IOException {
        List<String> nodeIps = asked.matchedOptionValue("--node-ip", List.of());
        List<String> subnets = asked.matchedOptionValue("--subnet", List.of());
        Grant grant = new Grant(
                asked.matchedOptionValue("--name", ""),
                nodeIps.stream().map(Ipv4::parse).toList(),
                subnets.stream().map(Ipv4Prefix::parse).toList());
        Path file = directory.resolve(PRIVATE);
        Set<PosixFilePermission> loose = EnumSet.copyOf(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        loose.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!loose.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " may be used by others; chmod 600 " + file + ", or make a new authority if it was read");
        }
        AuthorityKey key = named(file, () -> AuthorityKey.parse(read(file, MAX_KEY_FILE)));
        out.println("# " + grant);
        out.println(key.sign(grant).base64());
    }

    private void show(Path file, Path authority) throws IOException {
        GrantToken token = named(file, () -> GrantToken.parse(read(file, GrantToken.MAX_FILE)));
        Authority signer = named(authority, () -> Authority.parse(read(authority, Authority.MAX_FILE)));
        Authority.Verdict verdict = signer.verify(token);
        Grant grant = verdict.grant();
        if (grant == null) {
            throw new IllegalArgumentException(file + ": " + verdict.problem());
        }
        out.println("node    " + grant.node());
        grant.nodeIps().forEach(ip -> out.println("node-ip " + ip));
        grant.subnets().forEach(subnet -> out.println("subnet  " + subnet));
        out.println("signed by authority " + signer.fingerprints());
    }

    /** Reads something of a file. */
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T named(Path file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " " + e.getMessage(), e);
        }
    }

    private static String read(Path file, int most) throws IOException {
        if (Files.size(file) > most) {
            throw new IllegalArgumentException("is longer than " + most + " bytes");
        }
        return Files.readString(file, StandardCharsets.US_ASCII);
    }
}
