package io.onlink;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The {@code onlink} command. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException {
        Properties build = new Properties();
        try (InputStream in = Main.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
        }
        System.out.println("onlink " + build.getProperty("version") + " (" + build.getProperty("revision") + ")");
    }
}
