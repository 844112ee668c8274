package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.route.Dump;
import io.onlink.route.Link;
import io.onlink.route.Table;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostTest {
    private static Link link(String name, String kind, boolean up) {
        return new Link(name, kind, 1480, up, List.of());
    }

    @Test
    void otherTunnelsAreThoseThatTakeIpipNow() {
        List<Link> links = List.of(
                link("eth0", "", true),
                link("tunl0", "ipip", true),
                link("office", "ipip", true),
                link("asleep", "ipip", false),
                link("gre1", "gre", true));
        Dump dump = new Dump(links, Table.EMPTY, Set.of(), false, true);
        assertThat(Host.otherTunnels(dump, "tunl0")).containsExactly("office");
    }
}
