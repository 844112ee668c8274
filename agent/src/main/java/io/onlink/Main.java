package io.onlink;

import io.onlink.cli.Commands;
import io.onlink.cli.OnlinkCommand;
import io.onlink.config.Place;
import io.onlink.netlink.LinuxKernel;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;
import io.onlink.route.RouteDiff;
import io.onlink.route.Table;
import java.util.List;

/** The {@code onlink} command. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        Build build = Build.read();
        if (args.length == 1 && args[0].equals(Rehearsal.COMMAND)) {
            System.exit(new Rehearsal(build).run());
        }
        Commands commands = new Commands(build.toString(), config -> new AgentRun(config, build).run(), Main::cleanup);
        System.exit(new OnlinkCommand(commands).run(args, System.getenv()));
    }

    /** Takes away the routes and nexthop objects that a former run has left; links and addresses stay. */
    private static int cleanup(Place place) {
        try (LinuxKernel kernel = LinuxKernel.open(place.tunnel())) {
            List<Change> changes = RouteDiff.between(kernel.dump().table(), Table.EMPTY, dst -> true);
            List<Failure> failures = kernel.apply(changes);
            failures.forEach(failure -> System.err.println("onlink: " + failure));
            System.out.println((changes.size() - failures.size()) + " onlink routes and nexthop objects taken away");
            return failures.isEmpty() ? 0 : Refusal.UNAVAILABLE;
        } catch (KernelException e) {
            System.err.println("onlink: " + e.text());
            return e.errno().equals("EPERM") ? Refusal.NO_PERMISSION : Refusal.UNAVAILABLE;
        }
    }
}
