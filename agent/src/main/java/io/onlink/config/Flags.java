package io.onlink.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code --key value} and {@code --key=value}. */
final class Flags {
    private final Set<Setting> allowed;
    private final Problems problems;
    private final Given given = new Given();
    private final Map<Setting, Integer> times = new EnumMap<>(Setting.class);

    private Flags(Set<Setting> allowed, Problems problems) {
        this.allowed = allowed;
        this.problems = problems;
    }

    static Given read(List<String> arguments, Set<Setting> allowed, Problems problems) {
        Flags flags = new Flags(allowed, problems);
        for (int i = 0; i < arguments.size(); ) {
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "--";
            i += flags.take(arguments.get(i), next);
        }
        flags.conflicts();
        return flags.given;
    }

    /** Takes one flag; returns of how many arguments it consists. */
    private int take(String argument, String next) {
        if (!argument.startsWith("-")) {
            problems.add(
                    argument.isEmpty() ? "''" : argument,
                    "argument",
                    "is not expected here; settings are given as --key value");
            return 1;
        }
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        Optional<String> value = value(argument, equals, next);
        if (value.isEmpty() && name.equals(Setting.INSECURE.flag())) {
            value = Optional.of("true");
            equals = 0;
        }
        int consumed = equals < 0 && value.isPresent() ? 2 : 1;
        Optional<Setting> setting =
                allowed.stream().filter(s -> s.flag().equals(name)).findFirst();
        if (setting.isEmpty()) {
            List<String> known = allowed.stream().map(Setting::flag).toList();
            String doubled = name.startsWith("--") ? name : "-" + name;
            problems.add(bare(name), "flag " + name, "no such setting" + Spelling.suggest(doubled, known));
        } else if (value.isEmpty()) {
            problems.add(setting.get().key(), origin(setting.get()), "has no value");
        } else {
            given.add(setting.get(), value.get(), origin(setting.get()));
            times.merge(setting.get(), 1, Integer::sum);
        }
        return consumed;
    }

    private static Optional<String> value(String argument, int equals, String next) {
        if (equals >= 0) {
            return Optional.of(argument.substring(equals + 1));
        }
        return next.startsWith("--") ? Optional.empty() : Optional.of(next);
    }

    private void conflicts() {
        times.forEach((setting, count) -> {
            if (count > 1 && !setting.repeatable()) {
                String values = given.of(setting).orElseThrow().stream()
                        .map(Given.Text::text)
                        .collect(Collectors.joining(" and "));
                problems.add(setting.key(), origin(setting), "is given " + count + " times, as " + values);
            }
        });
    }

    private static String bare(String name) {
        String bare = name.replaceFirst("^-+", "");
        return bare.isEmpty() ? name : bare;
    }

    private static String origin(Setting setting) {
        return "flag " + setting.flag();
    }
}
