package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import io.onlink.route.Failure;
import io.onlink.route.FakeKernel;
import io.onlink.route.Kernel;
import io.onlink.route.Nexthop;
import io.onlink.route.Route;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A route goes when what replaces it is there, and not before: of the kernel and of the fake one. */
@Tag("netns")
class RefusedReplacementTest {
    private static final String OURS = "ip route show proto 114";
    private static final Nexthop PEER = new Nexthop(2, Ipv4.parse("172.16.0.2"), true);
    private static final Nexthop NEW = new Nexthop(3, Ipv4.parse("172.16.0.3"), true);
    private static final Nexthop MISSING = new Nexthop(99, Ipv4.parse("172.16.0.2"), true);

    private static Ipv4Prefix subnet(int i) {
        return Ipv4Prefix.parse("10." + (i >> 8) + "." + (i & 255) + ".0/24");
    }

    private static Route plain(int i) {
        return Route.plain(subnet(i), PEER.gateway());
    }

    private static List<String> errors(List<Failure> failures) {
        return failures.stream()
                .map(failure -> failure.change() + ": " + failure.errno())
                .toList();
    }

    private static List<String> replaceByWhatIsNotThere(Kernel kernel) throws Exception {
        Route old = Route.through(subnet(2), PEER);
        Route plain = plain(3);
        assertThat(kernel.apply(
                        List.of(new Change.AddNexthop(PEER), new Change.AddRoute(old), new Change.AddRoute(plain))))
                .isEmpty();
        return errors(kernel.apply(List.of(
                new Change.ReplaceRoute(old, Route.through(subnet(2), MISSING)),
                new Change.ReplaceRoute(plain, Route.through(subnet(3), MISSING)),
                new Change.DeleteNexthop(PEER))));
    }

    @Test
    void theOldRouteAndItsNexthopObjectStayWhereTheNewOneIsRefused() throws Exception {
        inside(() -> {
            FakeKernel fake = new FakeKernel("172.16.165.33/24", true, Namespace.TUNNEL);
            fake.apply(List.of(
                    new Change.CreateLink(Namespace.TUNNEL, "veth", Ipv4.ANY), new Change.SetUp(Namespace.TUNNEL)));
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                List<String> refused = replaceByWhatIsNotThere(kernel);
                assertThat(run(OURS)).isEqualTo("""
                        10.0.2.0/24 nhid 2 via 172.16.0.2 dev tunl1 onlink
                        10.0.3.0/24 via 172.16.0.2 dev tunl1 onlink""");
                assertThat(refused)
                        .hasSize(3)
                        .allMatch(text -> text.matches("ip (route replace .*: EINVAL|nexthop del .*: EBUSY)"));
                assertThat(replaceByWhatIsNotThere(fake)).isEqualTo(refused);
                assertThat(fake.dump().table()).isEqualTo(kernel.dump().table());
            }
        });
    }

    @Test
    void ofManyReplacementsTheRefusedOnesAloneLeaveTheOldRoute() throws Exception {
        inside(() -> {
            List<Change> additions = new ArrayList<>(List.of(new Change.AddNexthop(NEW)));
            List<Change> replacements = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                additions.add(new Change.AddRoute(plain(i)));
                Route after = Route.through(subnet(i), i % 7 == 0 ? MISSING : NEW);
                replacements.add(new Change.ReplaceRoute(plain(i), after));
            }
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                assertThat(kernel.apply(additions)).isEmpty();
                List<Failure> failures = kernel.apply(replacements);
                assertThat(failures)
                        .hasSize(143)
                        .allMatch(failure -> failure.errno().equals("EINVAL"));
                List<Route> routes = kernel.dump().table().routes();
                assertThat(routes).hasSize(1000);
                assertThat(routes).filteredOn(route -> route.nexthop() == 0).hasSize(143);
            }
        });
    }
}
