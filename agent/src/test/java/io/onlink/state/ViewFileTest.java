package io.onlink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.onlink.peer.Advertisement;
import io.onlink.peer.Claims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewFileTest {
    private static final List<Advertisement> VIEW = Claims.of("b 172.16.165.244 10.42.2.0/24");

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("view");
    }

    private static void write(Path directory, List<Advertisement> view) {
        try (ViewFile file = new ViewFile(directory)) {
            file.keep(view);
        }
    }

    @Test
    void aViewIsThereForTheNextRunAndForItsOwnerAlone() throws IOException {
        Path deep = directory.resolve("lib/onlink");
        write(deep, VIEW);
        assertThat(ViewFile.read(deep)).isEqualTo(VIEW);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep.resolve("view"))))
                .isEqualTo("rw-------");
        assertThat(deep.resolve("view.new")).doesNotExist();
    }

    @Test
    void aChangeIsWrittenSoonAndTheSameNotAgain() throws IOException {
        try (ViewFile file = new ViewFile(directory)) {
            file.keep(List.of());
            file.keep(VIEW);
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file()));
            assertThat(ViewFile.read(directory)).as("the latest").isEqualTo(VIEW);
            Files.setLastModifiedTime(file(), FileTime.from(Instant.EPOCH));
            file.keep(VIEW);
        }
        assertThat(Files.getLastModifiedTime(file()).toInstant()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void nothingIsReadWhereThereIsNone() {
        assertThat(ViewFile.read(directory)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "onlink view 1\n", "onlink view 2\n....", "{\"json\": true}", "41\n"})
    void whatIsNoViewIsIgnoredAndReplaced(String text) throws IOException {
        Files.writeString(file(), text);
        assertThat(ViewFile.read(directory)).isEmpty();
        write(directory, VIEW);
        assertThat(ViewFile.read(directory)).isEqualTo(VIEW);
    }

    @Test
    void aFileOfAnyLengthCostsNoMoreThanTheLimit() throws IOException {
        try (var sparse = java.nio.channels.FileChannel.open(
                file(), java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            sparse.write(java.nio.ByteBuffer.wrap(new byte[1]), 1L << 40);
        }
        assertThat(ViewFile.read(directory)).isEmpty();
    }

    @Test
    void aFileOthersMayWriteALinkAndADirectoryAreIgnored() throws IOException {
        write(directory, VIEW);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw----"));
        assertThat(ViewFile.read(directory)).isEmpty();
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        write(elsewhere, VIEW);
        Files.delete(file());
        Files.createSymbolicLink(file(), elsewhere.resolve("view"));
        assertThat(ViewFile.read(directory)).isEmpty();
        Files.delete(file());
        Files.createDirectories(file().resolve("inside"));
        assertThat(ViewFile.read(directory)).isEmpty();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsCountedAndNoHarm() throws IOException {
        Path blocked = Files.writeString(directory.resolve("file"), "").resolve("under");
        try (ViewFile file = new ViewFile(blocked)) {
            file.keep(VIEW);
            await().atMost(Duration.ofSeconds(60)).until(() -> file.failures() == 1);
        }
        assertThat(ViewFile.read(blocked)).isEmpty();
    }
}
