package io.onlink.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.membership.Traitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One who has the key sends rubbish inside the seal, and lies: a ghost with 0.0.0.0/0, other subnets, a death. */
@Tag("netns")
@Timeout(120)
class GarbageInsideIT {
    @TempDir
    private Path work;

    @Test
    void whatAMemberSendsIsReadAsStrictly() throws Exception {
        try (Siege siege = new Siege(work)) {
            Path texts = Files.createDirectory(work.resolve("texts"));
            int n = 0;
            for (Map.Entry<String, byte[]> lie :
                    Lies.all(siege.messages(2, 1).get(0).boot()).entrySet()) {
                Files.write(texts.resolve(String.format("%03d", n++)), lie.getValue());
            }
            siege.watch();
            siege.net.start(Siege.ATTACKER, Traitor.command(siege.net.key(), texts));
            siege.net.awaitLog(Siege.ATTACKER, "all is sent");
            assertThat(siege.refused("content")).isGreaterThan(1000);
            System.out.println("measured content refused: " + siege.refused("content"));
            siege.assertRoutesUnmoved();
        }
    }
}
