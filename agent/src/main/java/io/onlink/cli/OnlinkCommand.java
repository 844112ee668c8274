package io.onlink.cli;

import io.onlink.config.BadConfig;
import io.onlink.config.Config;
import io.onlink.config.ConfigReader;
import io.onlink.config.Place;
import io.onlink.config.Setting;
import io.onlink.seal.Key;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code onlink} command. */
public final class OnlinkCommand {
    /** Exit status of a command that does not exist (EX_USAGE of sysexits.h). */
    public static final int USAGE = 64;

    /** Exit status when no agent answers (EX_UNAVAILABLE of sysexits.h). */
    public static final int UNAVAILABLE = 69;

    /** Exit status of a configuration with problems (EX_CONFIG of sysexits.h). */
    public static final int BAD_CONFIG = 78;

    private static final Set<String> HELP = Set.of("-h", "--help");

    private final Commands commands;
    private final PrintStream out;
    private final PrintStream err;

    public OnlinkCommand(Commands commands) {
        this(commands, System.out, System.err);
    }

    OnlinkCommand(Commands commands, PrintStream out, PrintStream err) {
        this.commands = commands;
        this.out = out;
        this.err = err;
    }

    /** Does what the arguments say; returns the exit status. */
    public int run(String[] arguments, Map<String, String> environment) {
        List<String> words = Arrays.asList(arguments);
        // picocli is for help and for errors. A plain command does without: building its model is a tenth of a start.
        if (!words.isEmpty()
                && Help.COMMANDS.contains(words.get(0))
                && words.stream().noneMatch(HELP::contains)) {
            return perform(words.get(0), words.subList(1, words.size()), environment);
        }
        return parse(arguments);
    }

    private int parse(String[] arguments) {
        CommandLine root = new CommandLine(Help.root());
        if (arguments.length == 0) {
            root.usage(err);
            return USAGE;
        }
        try {
            if (arguments[0].equals(Help.AUTHORITY)) {
                return authority(arguments);
            }
            // Only the command itself: picocli would end at the first wrong flag, and we report all of them.
            ParseResult parsed = root.parseArgs(arguments[0]);
            if (parsed.hasSubcommand()) {
                parsed.subcommand().commandSpec().commandLine().usage(out);
            } else if (parsed.isVersionHelpRequested()) {
                out.println(commands.version());
            } else {
                root.usage(out);
            }
            return 0;
        } catch (ParameterException e) {
            err.println("onlink: " + e.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(
                    e, new PrintWriter(err, true, StandardCharsets.UTF_8));
            err.println("'onlink --help' lists the commands");
            return USAGE;
        }
    }

    private int authority(String[] arguments) {
        CommandLine command = new CommandLine(AuthorityCommand.spec().name("onlink authority"));
        ParseResult parsed = command.parseArgs(Arrays.copyOfRange(arguments, 1, arguments.length));
        return new AuthorityCommand(out, err).run(command, parsed);
    }

    private int perform(String command, List<String> flags, Map<String, String> environment) {
        try {
            return run(command, flags, environment);
        } catch (BadConfig e) {
            e.problems().forEach(problem -> err.println("onlink: " + problem));
            return BAD_CONFIG;
        }
    }

    private int run(String command, List<String> flags, Map<String, String> environment) throws BadConfig {
        ConfigReader reader = new ConfigReader();
        if (command.equals(Help.KEYGEN)) {
            reader.place(flagsOf(command), flags, Map.of());
            out.println(Key.newText(new SecureRandom()));
            return 0;
        }
        if (command.equals(Help.AGENT)) {
            return commands.agent().applyAsInt(reader.read(flags, environment));
        }
        if (command.equals(Help.CONFIG)) {
            Config config = reader.read(flags, environment);
            config.effective().forEach(out::println);
            return 0;
        }
        if (command.equals(Help.HISTORY)) {
            boolean json = flags.size() > 1
                    && flags.get(0).equals("-o")
                    && flags.get(1).equals("json");
            boolean text = flags.size() > 1
                    && flags.get(0).equals("-o")
                    && flags.get(1).equals("text");
            List<String> rest = json || text ? flags.subList(2, flags.size()) : flags;
            Place place = reader.place(flagsOf(command), rest, environment);
            return ask(place, "GET", json ? "/v1/history.json" : "/v1/history");
        }
        Place place = reader.place(flagsOf(command), flags, environment);
        if (command.equals(Help.CLEANUP)) {
            return commands.cleanup().applyAsInt(place);
        }
        if (command.equals(Help.LEAVE)) {
            return ask(place, "POST", "/v1/leave");
        }
        return ask(place, "GET", command.equals(Help.PATHS) ? "/v1/paths" : "/v1/status");
    }

    static Set<Setting> flagsOf(String command) {
        return switch (command) {
            case Help.AGENT, Help.CONFIG -> EnumSet.allOf(Setting.class);
            case Help.CLEANUP -> EnumSet.of(Setting.RUN_DIR, Setting.STATE_DIR, Setting.TUNNEL, Setting.CONFIG);
            case Help.KEYGEN -> EnumSet.noneOf(Setting.class);
            default -> EnumSet.of(Setting.RUN_DIR, Setting.CONFIG);
        };
    }

    private int ask(Place place, String method, String path) {
        ControlClient.Reply reply;
        try {
            reply = new ControlClient(place.socket()).request(method, path);
        } catch (IOException e) {
            err.println("onlink: no agent answers at " + place.socket() + ": " + e.getMessage()
                    + "; does it run, with this --run-dir, and as a user whose socket this one may use?");
            return UNAVAILABLE;
        }
        boolean good = reply.status() / 100 == 2;
        String end = reply.body().isEmpty() || reply.body().endsWith("\n") ? "" : "\n";
        if (good) {
            out.print(reply.body() + end);
            out.flush();
            return 0;
        }
        err.print("onlink: the agent answers with status " + reply.status() + ": " + reply.body() + end);
        err.flush();
        return 1;
    }
}
