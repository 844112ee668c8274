package io.onlink.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A host called {@code a} on which a configuration is read, in the words of its tests. */
final class Reading {
    private final Path directory;
    private final Map<String, String> environment = new TreeMap<>();
    private String[] flags = {};

    Reading(Path directory) {
        this.directory = directory;
        hostName("a");
    }

    /** The flags, in one text, blanks between them. */
    Reading flags(String text) {
        flags = text.strip().split(" ", -1);
        return this;
    }

    Reading flags(List<String> list) {
        flags = list.toArray(String[]::new);
        return this;
    }

    Reading variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Reading hostName(String name) {
        return write(directory.resolve("hostname"), (name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The default file. */
    Reading file(String text) {
        return file(text.getBytes(StandardCharsets.UTF_8));
    }

    Reading file(byte[] bytes) {
        return write(directory.resolve("onlink.yaml"), bytes);
    }

    private Reading write(Path file, byte[] bytes) {
        try {
            // Written anew: some file systems wait for the disk when a file is emptied and written again.
            Files.deleteIfExists(file);
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Config config() throws BadConfig {
        return reader().read(List.of(flags), environment);
    }

    ConfigReader reader() {
        return new ConfigReader(directory.resolve("onlink.yaml"), directory.resolve("hostname"));
    }

    /** The lines a person would see, the directory of the test cut from them. */
    List<String> problems() {
        try {
            config();
            return List.of();
        } catch (BadConfig e) {
            return e.getMessage().replace(directory + "/", "").lines().toList();
        }
    }

    /** The effective settings as {@code onlink config} prints them. */
    List<String> listing() throws BadConfig {
        return config().effective().stream()
                .map(line -> line.toString().replace(directory + "/", ""))
                .toList();
    }
}
