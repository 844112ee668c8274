package io.onlink.lab;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests on some hosts, which are made before each and taken away after it. */
@Tag("netns")
@Timeout(180)
class OnHosts {
    private final int hosts;

    @TempDir
    Path work;

    Netns net;

    OnHosts(int hosts) {
        this.hosts = hosts;
    }

    @BeforeEach
    final void makeHosts() {
        net = new Netns(hosts, work);
    }

    @AfterEach
    final void removeHosts() {
        net.close();
    }
}
