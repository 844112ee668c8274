package io.onlink.config;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of {@code deploy/onlink.example.yaml}, made of {@link Setting}. */
final class ExampleFile {
    private static final int WIDTH = 110;

    /** Something to put in where there is no default that can be typed. */
    private static final Map<Setting, List<String>> EXAMPLES = new EnumMap<>(Map.of(
            Setting.NODE_NAME, List.of("a"),
            Setting.SUBNET, List.of("10.42.1.0/24"),
            Setting.SEED, List.of("172.16.165.33", "seed.example.net:5114")));

    private ExampleFile() {}

    static String text() {
        String head = """
                # Settings of the Onlink agent, read from /etc/onlink/onlink.yaml unless --config names another file.
                # Each is commented with its default, or with an example where it has none. A flag (--node-ip) wins over
                # the environment (ONLINK_NODE_IP), that over this file, and this file over the default.
                # 'onlink config' checks all of it and shows what is in effect.
                """;
        return head
                + Arrays.stream(Setting.values())
                        .filter(Setting::inFile)
                        .map(ExampleFile::entry)
                        .collect(Collectors.joining());
    }

    private static String entry(Setting setting) {
        String unit = setting.unit().isEmpty() ? "" : " Unit: " + setting.unit() + ".";
        return "\n" + wrap(setting.help()) + wrap("Choose: " + setting.choose())
                + wrap("Default: " + setting.defaultText() + "." + unit) + value(setting);
    }

    private static String value(Setting setting) {
        List<String> values = EXAMPLES.getOrDefault(setting, setting.defaultValues());
        if (!setting.repeatable()) {
            return "#" + setting.key() + ": " + values.get(0) + "\n";
        }
        return "#" + setting.key() + ":\n"
                + values.stream().map(value -> "#  - " + value + "\n").collect(Collectors.joining());
    }

    private static String wrap(String text) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder("#");
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        return lines.append(line).append('\n').toString();
    }
}
