package io.onlink.grafana;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What was read from YAML or JSON (which is YAML 1.2 too): a map, a list or a plain value. A key given twice is an error. */
record Yaml(Object value) {
    /** A real page of metadata or of query results is far below this. */
    private static final int MOST_CHARACTERS = 64 << 20;

    private static final LoadSettings STRICT = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setCodePointLimit(MOST_CHARACTERS)
            .build();

    static final Path GRAFANA = Path.of("..", "grafana");

    static Yaml parse(String text) {
        return new Yaml(new Load(STRICT).loadFromString(text));
    }

    /** The documents of a file. */
    static List<Yaml> documents(Path file) {
        List<Yaml> documents = new ArrayList<>();
        new Load(STRICT).loadAllFromString(text(file)).forEach(document -> documents.add(new Yaml(document)));
        return documents;
    }

    static Yaml read(Path file) {
        return parse(text(file));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files of a directory of {@code grafana} that end so, sorted. */
    static List<Path> files(String directory, String ending) {
        try (Stream<Path> all = Files.list(GRAFANA.resolve(directory))) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // the keys of JSON, and of all YAML here, are strings
    Map<String, Object> map() {
        if (!(value instanceof Map)) {
            throw new IllegalStateException("not a map: " + value);
        }
        return (Map<String, Object>) value;
    }

    /** The value at a path of keys; one that holds nothing if a key is not there. */
    Yaml at(String... keys) {
        Object now = value;
        for (String key : keys) {
            now = now instanceof Map ? ((Map<?, ?>) now).get(key) : null;
        }
        return new Yaml(now);
    }

    /** The elements of the list at a path of keys; none if it is not there. */
    List<Yaml> list(String... keys) {
        Object list = at(keys).value;
        List<Yaml> elements = new ArrayList<>();
        if (list instanceof List) {
            ((List<?>) list).forEach(element -> elements.add(new Yaml(element)));
        }
        return elements;
    }

    /** The text at a path of keys; empty if there is none. */
    String text(String... keys) {
        Object text = at(keys).value;
        return text == null ? "" : text.toString();
    }

    int number(String... keys) {
        return ((Number) at(keys).value).intValue();
    }
}
