package io.onlink;

import io.onlink.cli.Commands;
import io.onlink.cli.OnlinkCommand;
import io.onlink.config.Place;
import io.onlink.host.Before;
import io.onlink.host.PutBack;
import io.onlink.netlink.LinuxKernel;
import io.onlink.netlink.NamespaceLock;
import io.onlink.route.KernelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code onlink} command. */
final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    public static void main(String[] args) {
        Build build = Build.read();
        if (args.length == 1 && args[0].equals(Rehearsal.COMMAND)) {
            System.exit(new Rehearsal(build).run());
        }
        Commands commands = new Commands(build.toString(), config -> new AgentRun(config, build).run(), Main::cleanup);
        System.exit(run(new OnlinkCommand(commands), args));
    }

    /** A fault of our own ends in one line with its trace, and status 70. */
    private static int run(OnlinkCommand command, String[] args) {
        try {
            return command.run(args, System.getenv());
        } catch (RuntimeException | Error e) {
            LOG.error("a fault in onlink itself, please report it; this host's routes stay as they are", e);
            return Refusal.FAULT;
        }
    }

    /** Takes away what former runs have left. */
    private static int cleanup(Place place) {
        try (LinuxKernel kernel = LinuxKernel.open(place.tunnel());
                NamespaceLock lock = NamespaceLock.take()) {
            LOG.debug("took {}", lock);
            PutBack host = new PutBack(kernel, Before.in(place.stateDir()));
            return new Cleanup(kernel, place.tunnel(), host, Cleanup.Keeper.of(place.tunnel())).run();
        } catch (KernelException e) {
            System.err.println("onlink: " + e.text());
            return Refusal.statusOf(e.errno());
        }
    }
}
