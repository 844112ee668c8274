package io.onlink.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who runs as {@code deploy/systemd/onlink.service} says can read what a process of root's is called. */
@Tag("netns")
class CulpritsUnderSystemdTest {
    private static final Path UNIT = Path.of("..", "deploy", "systemd", "onlink.service");

    /** What the unit's ProtectProc= is as an option of /proc (man 5 systemd.exec, man 5 proc). */
    private static final Map<String, String> HIDEPID =
            Map.of("default", "0", "noaccess", "1", "invisible", "2", "ptraceable", "4");

    /** A dynamic user's id, the unit's one capability, and a /proc of its own. */
    private static final String AS_THE_UNIT = "mount -t proc -o hidepid=$1 proc /proc && exec setpriv --reuid 61184"
            + " --regid 61184 --clear-groups --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin"
            + " --bounding-set=-all,+net_admin --no-new-privs cat /proc/$2/comm";

    private static String nameOfThisProcess(String protectProc) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        AS_THE_UNIT,
                        "sh",
                        HIDEPID.getOrDefault(protectProc, protectProc),
                        Long.toString(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed.strip();
    }

    @Test
    void theUnitsUserCanReadWhatAProcessOfRootIsCalled() throws IOException, InterruptedException {
        List<String> unit = Files.readAllLines(UNIT);
        assertThat(unit).contains("DynamicUser=yes", "AmbientCapabilities=CAP_NET_ADMIN", "ProcSubset=all");
        String protectProc = unit.stream()
                .filter(line -> line.startsWith("ProtectProc="))
                .map(line -> line.substring("ProtectProc=".length()))
                .findFirst()
                .orElse("default");
        assertThat(nameOfThisProcess(protectProc)).isEqualTo("java");
    }

    /** What the test above would see, were processes hidden from it. */
    @Test
    void fromWhoIsHiddenRootsProcessesHaveNoName() throws IOException, InterruptedException {
        assertThat(nameOfThisProcess("invisible")).contains("No such file or directory");
        assertThat(nameOfThisProcess("noaccess")).contains("Operation not permitted");
    }
}
