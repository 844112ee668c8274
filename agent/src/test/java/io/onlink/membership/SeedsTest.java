package io.onlink.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.inet.Ipv4;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Seeds given by name, while what resolves names comes and goes. */
class SeedsTest {
    private static final Endpoint SELF = new Endpoint(Ipv4.parse("172.16.165.33"), 5114, 1);

    private final Map<String, String> dns = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private final Seeds seeds = new Seeds(List.of("s1:5114", "s2:5114", "172.16.168.113:5114"), SELF, this::lookUp);
    private long now;

    @AfterEach
    void close() {
        seeds.close();
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        asked.incrementAndGet();
        if (host.equals("172.16.168.113")) {
            return new InetAddress[] {InetAddress.getByName(host)};
        }
        String answer = dns.get(host);
        if (answer == null) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : answer.split(" ", -1)) {
            addresses.add(InetAddress.getByName(address));
        }
        return addresses.toArray(InetAddress[]::new);
    }

    /** Asks once more, and waits for the answer. */
    private void ask() {
        int before = asked.get();
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            now += TimeUnit.MINUTES.toNanos(1);
            seeds.refresh(now, false, changes::incrementAndGet);
            return asked.get() >= before + 6;
        });
    }

    private List<String> known() {
        return seeds.endpoints().stream()
                .map(seed -> seed.ip().toString())
                .sorted()
                .toList();
    }

    @Test
    void aNameThatResolvesNoMoreKeepsItsLastAddresses() {
        dns.put("s1", "172.16.165.244 172.16.165.245");
        dns.put("s2", "172.16.165.246");
        ask();
        assertThat(known()).containsExactly("172.16.165.244", "172.16.165.245", "172.16.165.246", "172.16.168.113");
        int told = changes.get();

        dns.clear();
        ask();
        assertThat(known()).containsExactly("172.16.165.244", "172.16.165.245", "172.16.165.246", "172.16.168.113");
        assertThat(changes).hasValue(told);
    }

    @Test
    void anotherAnswerReplacesTheLastOfThatNameAlone() {
        dns.put("s1", "172.16.165.244");
        dns.put("s2", "172.16.165.246");
        ask();
        dns.remove("s2");
        dns.put("s1", "172.16.165.250");
        ask();
        assertThat(known()).containsExactly("172.16.165.246", "172.16.165.250", "172.16.168.113");
    }

    @Test
    void whileANameHasNeverResolvedThisNodeMayNotBeTheOnlySeed() {
        Seeds two = new Seeds(List.of("s1:5114"), SELF, this::lookUp);
        assertThat(two.onlySelf()).isFalse();
        dns.put("s1", "172.16.165.33");
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            now += TimeUnit.MINUTES.toNanos(1);
            two.refresh(now, false, changes::incrementAndGet);
            return two.onlySelf();
        });
        two.close();
    }
}
