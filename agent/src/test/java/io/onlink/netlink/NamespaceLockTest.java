package io.onlink.netlink;

import static io.onlink.netlink.Namespace.inside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlink.route.KernelException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class NamespaceLockTest {
    @Test
    void thereIsOneToANamespaceAndItIsFreeAgainWhenClosed() throws Exception {
        inside(() -> {
            NamespaceLock first = NamespaceLock.take();
            assertThat(Namespace.run("ss -xa src @onlink-114")).contains("@onlink-114");
            assertThatThrownBy(NamespaceLock::take)
                    .isInstanceOf(KernelException.class)
                    .hasMessageStartingWith("another agent runs in this network namespace")
                    .satisfies(e -> assertThat(((KernelException) e).errno()).isEqualTo("EADDRINUSE"));
            inside(() -> NamespaceLock.take().close());
            first.close();
            NamespaceLock.take().close();
        });
    }
}
