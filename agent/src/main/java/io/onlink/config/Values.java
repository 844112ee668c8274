package io.onlink.config;

import io.onlink.config.Config.Effective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** From given texts to values, noting problems and which settings have any. Not for use by several threads. */
final class Values {
    /**
     * A value and where it stood.
     *
     * @param value the value
     * @param origin as in {@link Problem}
     */
    record Located<T>(T value, String origin) {}

    private final Given given;
    private final Problems problems;
    private final Set<Setting> bad = EnumSet.noneOf(Setting.class);

    Values(Given given, Problems problems) {
        this.given = given;
        this.problems = problems;
    }

    /** The value of a setting that takes one, or the fallback if it has none or a bad one. */
    <T> T one(Setting setting, Function<String, T> notation, T fallback) {
        List<Given.Text> texts = texts(setting);
        return texts.isEmpty()
                ? fallback
                : value(setting, texts.get(0), notation).orElse(fallback);
    }

    /** As {@link #one}, for a setting with a word that stands for no value. */
    <T> Optional<T> oneUnless(String word, Setting setting, Function<String, T> notation) {
        return one(
                setting,
                text -> text.equals(word) ? Optional.empty() : Optional.of(notation.apply(text)),
                Optional.empty());
    }

    /** The good values of a setting that takes a list. */
    <T> List<Located<T>> many(Setting setting, int most, Function<String, T> notation) {
        List<Given.Text> texts = texts(setting);
        if (texts.size() > most) {
            problem(setting, "has " + texts.size() + " values, more than " + most);
            return List.of();
        }
        List<Located<T>> values = new ArrayList<>();
        for (Given.Text text : texts) {
            value(setting, text, notation).ifPresent(value -> values.add(new Located<>(value, text.origin())));
        }
        return values;
    }

    private <T> Optional<T> value(Setting setting, Given.Text text, Function<String, T> notation) {
        try {
            if (text.text().isEmpty()) {
                throw new IllegalArgumentException("has an empty value");
            }
            return Optional.of(notation.apply(text.text()));
        } catch (IllegalArgumentException e) {
            problem(setting, text.origin(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    void problem(Setting setting, String text) {
        problem(setting, origin(setting), text);
    }

    void problem(Setting setting, String origin, String text) {
        bad.add(setting);
        problems.add(setting.key(), origin, text);
    }

    /** Whether all of these have been read without a problem so far. */
    boolean good(Setting... settings) {
        return Arrays.stream(settings).noneMatch(bad::contains);
    }

    boolean has(Setting setting) {
        return !texts(setting).isEmpty();
    }

    String origin(Setting setting) {
        List<Given.Text> texts = texts(setting);
        return texts.isEmpty() ? Given.DEFAULT : texts.get(0).origin();
    }

    List<Effective> effective() {
        return Arrays.stream(Setting.values())
                .map(setting -> new Effective(
                        setting,
                        texts(setting).stream().map(Given.Text::text).collect(Collectors.joining(",")),
                        origin(setting)))
                .toList();
    }

    private List<Given.Text> texts(Setting setting) {
        return given.of(setting).orElse(List.of());
    }
}
