package io.onlink.config;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings one source gives, as text. Not for use by several threads. */
final class Given {
    /**
     * A text and where it stood.
     *
     * @param text as given, blanks around it removed
     * @param origin as in {@link Problem}
     */
    record Text(String text, String origin) {}

    /** Origin of what nobody gave. */
    static final String DEFAULT = "default";

    private final Map<Setting, List<Text>> texts = new EnumMap<>(Setting.class);

    /** The defaults that can be typed. */
    static Given defaults() {
        Given given = new Given();
        for (Setting setting : Setting.values()) {
            setting.defaultValues().forEach(text -> given.add(setting, text, DEFAULT));
        }
        return given;
    }

    /** Adds to what is given for a setting; of a repeatable one commas separate values. */
    void add(Setting setting, String text, String origin) {
        Stream<String> parts = setting.repeatable() ? Arrays.stream(text.split(",", -1)) : Stream.of(text);
        List<Text> more = parts.map(part -> new Text(part.strip(), origin)).toList();
        texts.merge(
                setting, more, (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    }

    Optional<List<Text>> of(Setting setting) {
        return Optional.ofNullable(texts.get(setting));
    }

    /** Takes whole settings of another source where this one has none. */
    void otherwise(Given other) {
        other.texts.forEach(texts::putIfAbsent);
    }
}
