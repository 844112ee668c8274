package io.onlink;

import io.onlink.cli.Commands;
import io.onlink.cli.OnlinkCommand;
import io.onlink.config.Place;
import io.onlink.host.Before;
import io.onlink.host.PutBack;
import io.onlink.netlink.LinuxKernel;
import io.onlink.netlink.NamespaceLock;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;
import io.onlink.route.Reconciler;
import java.util.ArrayList;
import java.util.List;
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

    /** Takes away what former runs have left, routes first, puts back what they have changed, and ends with the guard. */
    private static int cleanup(Place place) {
        try (LinuxKernel kernel = LinuxKernel.open(place.tunnel())) {
            NamespaceLock lock = NamespaceLock.take();
            List<Change> changes = Reconciler.remains(kernel.dump(), place.tunnel());
            List<Failure> failures = new ArrayList<>(kernel.apply(changes));
            if (!changes.isEmpty() && failures.isEmpty()) {
                failures.addAll(kernel.apply(Reconciler.rest(kernel.dump(), place.tunnel())));
            }
            PutBack host = new PutBack(kernel, Before.in(place.stateDir()));
            host.run();
            failures.addAll(host.failures());
            failures.forEach(failure -> System.err.println("onlink: " + failure));
            // Last, and only when nothing goes by the tunnel any more.
            boolean guard = failures.isEmpty() && Sentry.removeAll(place.tunnel());
            lock.close();
            System.out.println(taken(changes, failures) + (guard ? ", the packet guard" : ""));
            host.done().forEach(done -> System.out.println("put back: " + done));
            host.left().forEach(left -> System.out.println("left: " + left));
            if (failures.isEmpty()) {
                return host.complete() ? 0 : Refusal.UNAVAILABLE;
            }
            return Refusal.statusOf(failures.get(0).errno());
        } catch (KernelException e) {
            System.err.println("onlink: " + e.text());
            return Refusal.statusOf(e.errno());
        }
    }

    private static String taken(List<Change> changes, List<Failure> failures) {
        List<Change> done = new ArrayList<>(changes);
        failures.forEach(failure -> done.remove(failure.change()));
        long addresses =
                done.stream().filter(Change.DeleteAddress.class::isInstance).count();
        return "taken away: " + (done.size() - addresses) + " routes and nexthop objects, " + addresses
                + " addresses of the tunnel";
    }
}
