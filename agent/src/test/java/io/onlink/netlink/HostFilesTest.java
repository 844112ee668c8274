package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static io.onlink.netlink.Namespace.run;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class HostFilesTest {
    @Test
    void switchesAreReadAndWrittenInTheThreadsOwnNamespace() throws Exception {
        inside(() -> {
            run("sysctl -qw net.ipv4.conf.tunl1.rp_filter=2");
            assertThat(HostFiles.read("conf/tunl1/rp_filter")).hasValue(2);
            HostFiles.write("conf/tunl1/rp_filter", 1);
            assertThat(run("sysctl -n net.ipv4.conf.tunl1.rp_filter")).isEqualTo("1");
            assertThat(HostFiles.read("conf/none/rp_filter")).isEmpty();
            assertThat(HostFiles.links()).contains("all", "default", "lo", "tunl1");
        });
    }

    @Test
    void theNameOfHereIsAnotherInAnotherNamespace() throws Exception {
        String outside = HostFiles.here();
        inside(() -> assertThat(HostFiles.here()).isNotEqualTo(outside).endsWith("]"));
    }
}
