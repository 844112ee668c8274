package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.inet.Ipv4;
import io.onlink.inet.Ipv4Prefix;
import io.onlink.route.Change;
import io.onlink.route.KernelException;
import io.onlink.route.Nexthop;
import io.onlink.route.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("netns")
class KernelMonitorTest {
    private static final Route ROUTE = Route.plain(Ipv4Prefix.parse("10.42.2.0/24"), Ipv4.parse("172.16.0.2"));
    private static final Nexthop NEXTHOP = new Nexthop(2, Ipv4.parse("172.16.0.2"), true);

    /** Counts, and can hold the monitor's thread back. */
    private static class Counter implements KernelMonitor.Listener {
        final AtomicInteger changes = new AtomicInteger();
        final AtomicInteger overruns = new AtomicInteger();
        final List<String> echoes = new CopyOnWriteArrayList<>();
        final List<String> touches = new CopyOnWriteArrayList<>();
        final List<String> failures = new CopyOnWriteArrayList<>();

        @Override
        public void changed() {
            changes.incrementAndGet();
        }

        @Override
        public void echoed(Ipv4Prefix dst, boolean there) {
            echoes.add((there ? "add " : "del ") + dst);
        }

        @Override
        public void touched(@Nullable Ipv4Prefix dst, int port) {
            touches.add(dst + " " + port);
        }

        @Override
        public void overrun() {
            overruns.incrementAndGet();
        }

        @Override
        public void failed(String reason) {
            failures.add(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip route del 10.42.2.0/24",
                "ip route replace 10.42.2.0/24 dev far",
                "ip route flush 10.42.2.0/24",
                "ip link set tunl1 down",
                "ip link set far down",
                "ip link del tunl1",
                "ip address del 10.42.1.0/32 dev tunl1",
                "ip address add 10.42.9.0/32 dev far",
                "ip nexthop del id 2",
                "ip nexthop add id 3 blackhole",
                "ip route add 10.42.5.0/24 dev far proto 114"
            })
    void othersChangesWakeIt(String command) throws Exception {
        inside(() -> {
            Counter counter = new Counter();
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                Route through = Route.through(Ipv4Prefix.parse("10.42.3.0/24"), NEXTHOP);
                assertThat(kernel.apply(List.of(
                                new Change.AddRoute(ROUTE),
                                new Change.AddNexthop(NEXTHOP),
                                new Change.AddRoute(through))))
                        .isEmpty();
                try (KernelMonitor monitor = KernelMonitor.start(kernel, counter)) {
                    run(command);
                    await().atMost(10, TimeUnit.SECONDS).until(() -> counter.changes.get() > 0);
                    assertThat(monitor).isNotNull();
                }
                assertThat(counter.overruns).hasValue(0);
            }
        });
    }

    @Test
    void whatTheKernelEchoesOfOurRoutesIsToldWithItsDestination() throws Exception {
        inside(() -> {
            Counter counter = new Counter();
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL);
                    KernelMonitor monitor = KernelMonitor.start(kernel, counter)) {
                assertThat(kernel.apply(List.of(new Change.AddRoute(ROUTE), new Change.DeleteRoute(ROUTE))))
                        .isEmpty();
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.echoes.size() == 2);
                assertThat(counter.echoes).containsExactly("add 10.42.2.0/24", "del 10.42.2.0/24");
                assertThat(monitor.overruns()).isZero();
                assertThat(kernel.counts().requests())
                        .containsEntry("newroute", 1L)
                        .containsEntry("delroute", 1L);
            }
        });
    }

    @Test
    void whoTouchesARouteOfOursIsNamedByTheSendersPort() throws Exception {
        inside(() -> {
            Counter counter = new Counter();
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL);
                    KernelMonitor monitor = KernelMonitor.start(kernel, counter)) {
                assertThat(kernel.apply(List.of(new Change.AddRoute(ROUTE)))).isEmpty();
                Process ip = new ProcessBuilder("ip", "route", "del", "10.42.2.0/24").start();
                assertThat(ip.waitFor()).isZero();
                await().atMost(10, TimeUnit.SECONDS).until(() -> !counter.touches.isEmpty());
                assertThat(counter.touches).containsExactly("10.42.2.0/24 " + ip.pid());
                assertThat(monitor).isNotNull();
            }
        });
    }

    @Test
    void aRefusalIsCountedByTheNameOfItsError() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                run("ip route add 10.42.2.0/24 dev far");
                assertThat(kernel.apply(List.of(new Change.AddRoute(ROUTE)))).hasSize(1);
                assertThat(kernel.counts().errors()).isEqualTo(Map.of("EEXIST", 1L));
                kernel.dump();
                assertThat(kernel.counts().requests()).containsKey("get");
                // That there is no default route here is an answer.
                assertThat(run("ip route show default")).isEmpty();
                assertThat(kernel.counts().errors()).isEqualTo(Map.of("EEXIST", 1L));
            }
        });
    }

    @Test
    void ourOwnRoutesAndThoseOfOthersDoNotWakeIt() throws Exception {
        inside(() -> {
            Counter counter = new Counter();
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL);
                    KernelMonitor monitor = KernelMonitor.start(kernel, counter)) {
                Nexthop moved = new Nexthop(2, Ipv4.parse("172.16.0.9"), true);
                Route through = Route.through(Ipv4Prefix.parse("10.42.3.0/24"), NEXTHOP);
                assertThat(kernel.apply(List.of(
                                new Change.AddRoute(ROUTE),
                                new Change.ReplaceRoute(ROUTE, Route.plain(ROUTE.dst(), Ipv4.parse("172.16.0.3"))),
                                new Change.AddNexthop(NEXTHOP),
                                new Change.AddRoute(through),
                                new Change.ReplaceNexthop(NEXTHOP, moved),
                                new Change.DeleteRoute(through),
                                new Change.DeleteNexthop(moved))))
                        .isEmpty();
                run("ip route add 10.99.0.0/24 dev far");
                run("ip route add 10.42.2.0/24 dev far proto 114 table 99");
                run("ip route del 10.99.0.0/24 dev far");
                assertThat(counter.changes).hasValue(0);

                // Notifications come in order, so this one being seen says that none before it woke the monitor.
                run("ip route del 10.42.2.0/24");
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.changes.get() > 0);
                assertThat(counter.changes).hasValue(1);
                assertThat(monitor).isNotNull();
            }
        });
    }

    @Test
    void theEndOfAForeignRouteThatKeepsOursOutWakesIt() throws Exception {
        inside(() -> {
            Counter counter = new Counter();
            run("ip route add 10.42.2.0/24 dev far");
            run("ip route add 10.42.3.0/24 dev far");
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL);
                    KernelMonitor monitor = KernelMonitor.start(kernel, counter)) {
                monitor.watch(Set.of(Ipv4Prefix.parse("10.42.2.0/24")));
                run("ip route del 10.42.3.0/24");
                run("ip route add 10.42.2.0/24 dev far table 99");
                run("ip route del 10.42.2.0/24 table 99");
                assertThat(counter.changes).hasValue(0);
                run("ip route del 10.42.2.0/24");
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.changes.get() > 0);
                assertThat(counter.changes).hasValue(1);
            }
        });
    }

    @Test
    void aBrokenSocketIsSaidAndAnotherOpened() throws Exception {
        inside(() -> {
            Counter counter = new Counter();
            LibC.Block one = new LibC.Block(Long.BYTES);
            one.buffer.putLong(0, 1);
            Deque<KernelMonitor.Source> sockets = new ArrayDeque<>();
            sockets.add(() -> {
                int notASocket = LibC.eventfd();
                LibC.write(notASocket, one, Long.BYTES);
                return new NetlinkSocket(notASocket);
            });
            sockets.add(() -> {
                throw new KernelException("cannot open a netlink socket", "EMFILE");
            });
            KernelMonitor.Source last = () -> KernelMonitor.open(1 << 20);
            try (KernelMonitor monitor = KernelMonitor.start(
                    port -> false,
                    counter,
                    () -> sockets.isEmpty() ? last.open() : sockets.remove().open())) {
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.overruns.get() == 1);
                assertThat(counter.failures)
                        .containsExactly(
                                "cannot read the kernel's notifications: errno 88, the kernel refused it",
                                "cannot open a netlink socket");
                run("ip route add 10.42.5.0/24 dev far proto 114");
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.changes.get() > 0);
                assertThat(monitor).isNotNull();
            }
        });
    }

    @Test
    void aListenerThatThrowsDoesNotEndIt() throws Exception {
        inside(() -> {
            AtomicInteger calls = new AtomicInteger();
            Counter counter = new Counter() {
                @Override
                public void changed() {
                    super.changed();
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("once");
                    }
                }
            };
            try (KernelMonitor monitor = KernelMonitor.start(port -> false, counter, 1 << 20)) {
                run("ip route add 10.42.5.0/24 dev far proto 114");
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.overruns.get() == 1);
                assertThat(counter.failures).containsExactly("java.lang.IllegalStateException: once");
                run("ip route del 10.42.5.0/24");
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.changes.get() > 1);
                assertThat(monitor).isNotNull();
            }
        });
    }

    @Test
    void lostNotificationsAreAnOverrun() throws Exception {
        inside(() -> {
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch hold = new CountDownLatch(1);
            AtomicInteger overruns = new AtomicInteger();
            KernelMonitor.Listener slow = new KernelMonitor.Listener() {
                @Override
                public void changed() {
                    held.countDown();
                    try {
                        hold.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void overrun() {
                    overruns.incrementAndGet();
                }

                @Override
                public void failed(String reason) {
                    throw new IllegalStateException(reason);
                }
            };
            try (KernelMonitor monitor = KernelMonitor.start(port -> false, slow, 4096)) {
                run("ip route add 10.43.0.0/24 dev far proto 114");
                assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
                StringBuilder batch = new StringBuilder();
                for (int i = 0; i < 200; i++) {
                    batch.append("route add 10.42.").append(i).append(".0/24 dev far proto 114\n");
                }
                Namespace.feed("ip -batch -", batch.toString());
                assertThat(overruns).hasValue(0);
                hold.countDown();
                await().atMost(10, TimeUnit.SECONDS).until(() -> overruns.get() > 0);
                // The kernel's own count says that the buffer was the cause (ENOBUFS).
                assertThat(dropped()).isPositive();
                assertThat(monitor).isNotNull();
            }
        });
    }

    /** What the kernel dropped of notifications in this thread's namespace (proc(5), {@code /proc/net/netlink}). */
    private static long dropped() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/net/netlink")).stream()
                .skip(1)
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[8]))
                .sum();
    }

    @Test
    void afterAnOverrunItHearsOn() throws Exception {
        inside(() -> {
            Counter counter = new Counter();
            try (KernelMonitor monitor = KernelMonitor.start(port -> false, counter, 2048)) {
                for (int round = 0; counter.overruns.get() == 0; round++) {
                    assertThat(round).isLessThan(100);
                    StringBuilder batch = new StringBuilder();
                    for (int i = 0; i < 1000; i++) {
                        batch.append("route replace 10.42.")
                                .append(i % 250)
                                .append(".0/24 dev far proto 114 mtu ")
                                .append(1000 + i)
                                .append('\n');
                    }
                    Namespace.feed("ip -batch -", batch.toString());
                }
                assertThat(dropped()).isPositive();
                int heard = counter.changes.get() + counter.overruns.get();
                run("ip route flush proto 114");
                await().atMost(10, TimeUnit.SECONDS)
                        .until(() -> counter.changes.get() + counter.overruns.get() > heard);
                assertThat(monitor).isNotNull();
            }
        });
    }

    @Test
    void aForeignRouteThatGoesWakesItOnlyWhereItWasInTheWay() throws Exception {
        inside(() -> {
            Counter counter = new Counter();
            try (KernelMonitor monitor = KernelMonitor.start(port -> false, counter, 1 << 20)) {
                run("ip route add 10.99.0.0/24 dev far");
                run("ip route add 10.42.2.0/24 dev far");
                monitor.watch(Set.of(Ipv4Prefix.parse("10.42.2.0/24")));
                run("ip route del 10.99.0.0/24");
                run("ip route del 10.42.2.0/24");
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.changes.get() > 0);
                monitor.watch(Set.of());
                run("ip route add 10.42.2.0/24 dev far");
                run("ip route del 10.42.2.0/24");
                run("ip route add 10.42.3.0/24 dev far proto 114");
                await().atMost(10, TimeUnit.SECONDS).until(() -> counter.changes.get() > 1);
                assertThat(counter.changes).hasValue(2);
            }
        });
    }

    @Test
    void closingEndsItsThread() throws Exception {
        inside(() -> {
            try (LinuxKernel kernel = LinuxKernel.open(Namespace.TUNNEL)) {
                KernelMonitor monitor = KernelMonitor.start(kernel, new Counter());
                assertThat(running()).isOne();
                monitor.close();
                monitor.close();
                assertThat(running()).isZero();
            }
        });
    }

    private static long running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("kernel-monitor"))
                .count();
    }
}
