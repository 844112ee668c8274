package io.onlink;

import io.onlink.cli.Commands;
import io.onlink.cli.OnlinkCommand;
import io.onlink.config.Place;
import io.onlink.netlink.LinuxKernel;
import io.onlink.netlink.NamespaceLock;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.KernelException;
import io.onlink.route.Reconciler;
import java.util.ArrayList;
import java.util.List;

/** The {@code onlink} command. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        Build build = Build.read();
        Commands commands = new Commands(build.toString(), config -> new AgentRun(config, build).run(), Main::cleanup);
        System.exit(new OnlinkCommand(commands).run(args, System.getenv()));
    }

    /** Takes away what a former run has left: its routes, its nexthop objects and the tunnel's address. Links stay. */
    private static int cleanup(Place place) {
        try (LinuxKernel kernel = LinuxKernel.open(place.tunnel())) {
            NamespaceLock lock = NamespaceLock.take();
            List<Change> changes = Reconciler.remains(kernel.dump(), place.tunnel());
            List<Failure> failures = kernel.apply(changes);
            lock.close();
            failures.forEach(failure -> System.err.println("onlink: " + failure));
            System.out.println(taken(changes, failures));
            return failures.isEmpty() ? 0 : Refusal.statusOf(failures.get(0).errno());
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
