package io.onlink.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the {@code ONLINK_*} variables. */
final class Environment {
    private static final String PREFIX = "ONLINK_";

    /** Variables of the launcher, which has read them by now. */
    private static final Set<String> LAUNCHER = Set.of("ONLINK_JAVA_OPTS", "ONLINK_CDS_DUMP");

    private Environment() {}

    static Given read(Map<String, String> variables, Problems problems) {
        Given given = new Given();
        // Sorted, so that problems come in one order.
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !LAUNCHER.contains(name)) {
                take(name, value, given, problems);
            }
        });
        return given;
    }

    private static void take(String name, String value, Given given, Problems problems) {
        String origin = "environment " + name;
        Optional<Setting> setting = Arrays.stream(Setting.values())
                .filter(s -> s.variable().equals(name))
                .findFirst();
        if (setting.isPresent()) {
            given.add(setting.get(), value, origin);
        } else {
            List<String> known =
                    Arrays.stream(Setting.values()).map(Setting::variable).toList();
            problems.add(name, origin, "no such setting" + Spelling.suggest(name, known));
        }
    }
}
