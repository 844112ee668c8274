package io.onlink.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The table of settings in the README, made of {@link Setting}. */
public final class SettingsTable {
    private SettingsTable() {}

    /** The table with its head and a line end after each row. */
    public static String markdown() {
        return "| setting | default | unit | what it is and how to choose |\n|---|---|---|---|\n"
                + Arrays.stream(Setting.values()).map(SettingsTable::row).collect(Collectors.joining());
    }

    private static String row(Setting setting) {
        String times = setting.repeatable() ? ", repeatable" : "";
        return "| `" + setting.flag() + "` `" + setting.placeholder().replace("|", "\\|") + "`" + times + " | "
                + setting.defaultText() + " | " + setting.unit() + " | " + setting.help() + " *" + setting.choose()
                + "* |\n";
    }
}
