package io.onlink.cli;

import io.onlink.config.Setting;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands with their flags and help, as picocli wants them. */
final class Help {
    static final String AGENT = "agent";
    static final String LEAVE = "leave";
    static final String STATUS = "status";
    static final String PATHS = "paths";
    static final String CLEANUP = "cleanup";
    static final String CONFIG = "config";
    static final String AUTHORITY = "authority";

    static final String HISTORY = "history";
    static final String KEYGEN = "keygen";

    static final Set<String> COMMANDS = Set.of(AGENT, LEAVE, STATUS, PATHS, HISTORY, CLEANUP, CONFIG, KEYGEN);

    private Help() {}

    static CommandSpec root() {
        CommandSpec root = CommandSpec.create().name("onlink");
        root.addOption(help());
        root.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print version and commit.")
                .build());
        root.usageMessage()
                .description("Keeps IPIP routes to the subnets of all nodes that gossip with this one.")
                .footer("", "'onlink COMMAND --help' tells the flags of a command.");
        add(root, AGENT, "Run an agent until SIGTERM or 'onlink leave'.");
        add(root, LEAVE, "Tell the agent to leave the mesh, take away its routes and stop.");
        add(root, STATUS, "Show what the agent knows and has installed.");
        add(root, PATHS, "Show the way to each peer through the tunnel: round trip, loss, MTU and what is wrong.");
        add(root, HISTORY, "Show what changed lately, and why; as JSON with -o json.");
        add(root, CLEANUP, "Take away what a stopped agent left on this host.");
        add(root, CONFIG, "Check the settings and print each as it is, with where it came from.");
        add(root, KEYGEN, "Print a new key for the mesh: (umask 077; onlink keygen > /etc/onlink/key).");
        root.addSubcommand(AUTHORITY, AuthorityCommand.spec());
        return root;
    }

    private static void add(CommandSpec root, String name, String description) {
        CommandSpec command = CommandSpec.create().addOption(help());
        command.usageMessage().description(description).sortOptions(false).width(100);
        OnlinkCommand.flagsOf(name).forEach(setting -> command.addOption(option(setting)));
        if (name.equals(AGENT) || name.equals(CONFIG)) {
            command.usageMessage()
                    .footer(
                            "",
                            "A setting is taken from its flag, else from the environment (--node-ip: ONLINK_NODE_IP), else",
                            "from the YAML file (key node-ip), else it has its default.");
        }
        if (name.equals(HISTORY)) {
            command.addOption(OptionSpec.builder("-o")
                    .paramLabel("FORMAT")
                    .type(String.class)
                    .description("text or json.", "Default: text.")
                    .build());
        }
        root.addSubcommand(name, command);
    }

    static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help.")
                .build();
    }

    private static OptionSpec option(Setting setting) {
        String unit = setting.unit().isEmpty() ? "" : " Unit: " + setting.unit() + ".";
        String times = setting.repeatable() ? " May be repeated; commas separate values." : "";
        return OptionSpec.builder(setting.flag())
                .paramLabel(setting.placeholder())
                .type(String.class)
                .description(
                        escaped(setting.help() + unit + times),
                        escaped(setting.choose()),
                        "Default: " + escaped(setting.defaultText()) + ".")
                .build();
    }

    /** picocli reads descriptions as formats and expands @|markup|@. */
    private static String escaped(String text) {
        return text.replace("%", "%%");
    }
}
