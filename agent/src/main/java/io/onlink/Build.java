package io.onlink;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build this is.
 *
 * @param version of the product
 * @param revision of its sources, or unknown
 */
record Build(String version, String revision) {
    static Build read() {
        Properties build = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Build(build.getProperty("version", "unknown"), build.getProperty("revision", "unknown"));
    }

    @Override
    public String toString() {
        return "onlink " + version + " (" + revision + ")";
    }
}
