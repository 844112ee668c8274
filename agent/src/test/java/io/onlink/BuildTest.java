package io.onlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BuildTest {
    @Test
    void theBuildRecordsItsVersionAndCommit() throws IOException {
        Properties build = new Properties();
        try (InputStream in = Main.class.getResourceAsStream("build.properties")) {
            build.load(in);
        }
        assertThat(build.getProperty("version")).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(build.getProperty("revision")).matches("[0-9a-f]{12}|unknown");
    }
}
