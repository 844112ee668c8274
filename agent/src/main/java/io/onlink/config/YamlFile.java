package io.onlink.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads a file of {@code key: value} lines, YAML 1.2; a repeatable setting may be a sequence. */
final class YamlFile {
    /** Longest file, in bytes: the library reads it whole. */
    static final int MAX_BYTES = 64 * 1024;

    /** A mapping with sequences in it. Deeper ones are refused before the library recurses into them. */
    private static final int MAX_DEPTH = 2;

    private final Path file;
    private final Problems problems;
    private final Given given = new Given();

    private YamlFile(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** What the file gives; empty, with a problem, if it cannot be read as YAML at all. */
    static Optional<Given> read(Path file, Problems problems) {
        YamlFile reading = new YamlFile(file, problems);
        return reading.text().flatMap(reading::root).flatMap(reading::settings);
    }

    private Optional<String> text() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                return refuse("is longer than " + MAX_BYTES + " bytes");
            }
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return refuse("is not UTF-8 text");
        } catch (NoSuchFileException e) {
            return refuse("does not exist");
        } catch (AccessDeniedException e) {
            return refuse("may not be read by this user");
        } catch (IOException e) {
            return refuse("cannot be read: " + e.getMessage());
        }
    }

    /** The root; an empty optional in the optional is an empty file. */
    private Optional<Optional<Node>> root(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setCodePointLimit(MAX_BYTES)
                // Reported by us, with its line.
                .setAllowNonScalarKeys(true)
                .build();
        try {
            int depth = 0;
            for (Event event : new Parse(settings).parseString(text)) {
                depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
                if (depth > MAX_DEPTH || event instanceof AliasEvent) {
                    problems.add("config", at(event.getStartMark()), "holds more than keys with values or lists");
                    return Optional.empty();
                }
            }
            return Optional.of(new Compose(settings).composeString(text));
        } catch (MarkedYamlEngineException e) {
            problems.add("config", at(e.getProblemMark()), "is not YAML: " + e.getProblem());
            return Optional.empty();
        } catch (YamlEngineException e) {
            return refuse("is not YAML: " + e.getMessage());
        }
    }

    private Optional<Given> settings(Optional<Node> root) {
        if (root.isEmpty()) {
            return Optional.of(given);
        }
        if (!(root.get() instanceof MappingNode mapping)) {
            problems.add("config", at(root.get()), "is not a list of key: value");
            return Optional.empty();
        }
        Map<String, String> seen = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            String first = seen.putIfAbsent(key, at(tuple.getKeyNode()));
            if (first != null) {
                problems.add(key, at(tuple.getKeyNode()), "is already given at " + first);
            } else {
                setting(key, tuple);
            }
        }
        return Optional.of(given);
    }

    private void setting(String key, NodeTuple tuple) {
        if (key.isEmpty()) {
            problems.add("config", at(tuple.getKeyNode()), "holds a key that is no name");
            return;
        }
        Optional<Setting> setting = Setting.ofKey(key).filter(Setting::inFile);
        if (setting.isPresent()) {
            value(setting.get(), tuple.getValueNode());
            return;
        }
        List<String> known = Arrays.stream(Setting.values())
                .filter(Setting::inFile)
                .map(Setting::key)
                .toList();
        String why = key.equals(Setting.CONFIG.key())
                ? "is a flag and an environment variable only"
                : "no such setting" + Spelling.suggest(key, known);
        problems.add(key, at(tuple.getKeyNode()), why);
    }

    private void value(Setting setting, Node node) {
        if (node instanceof ScalarNode scalar) {
            scalar(setting, scalar);
        } else if (!setting.repeatable()) {
            problems.add(setting.key(), at(node), "takes one value, not a list or mapping");
        } else if (node instanceof SequenceNode sequence && !sequence.getValue().isEmpty()) {
            sequence.getValue().forEach(element -> element(setting, element));
        } else {
            problems.add(setting.key(), at(node), "takes a value or a list of values, not a mapping or nothing");
        }
    }

    private void element(Setting setting, Node node) {
        if (node instanceof ScalarNode scalar) {
            scalar(setting, scalar);
        } else {
            problems.add(setting.key(), at(node), "takes a list of values, not of lists or mappings");
        }
    }

    private void scalar(Setting setting, ScalarNode scalar) {
        // "key:" and "key: null" are the same to YAML; an empty value is refused later, with its line.
        given.add(setting, scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue(), at(scalar));
    }

    private <T> Optional<T> refuse(String why) {
        problems.add("config", file.toString(), why);
        return Optional.empty();
    }

    private String at(Node node) {
        return at(node.getStartMark());
    }

    private String at(Optional<Mark> mark) {
        return file + mark.map(m -> " line " + (m.getLine() + 1)).orElse("");
    }
}
