package io.onlink.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private static final String ONE =
            Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(UTF_8));
    private static final String TWO =
            Base64.getEncoder().encodeToString("another key of this length, yes!".getBytes(UTF_8));

    @TempDir
    Path directory;

    private Path file(String text, String mode) throws IOException {
        Path file = directory.resolve("key");
        Files.deleteIfExists(file);
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private KeyFile keyFile(String text) throws IOException {
        return new KeyFile(file(text, "rw-------"), null);
    }

    @Test
    void theFirstKeySealsAndCommentsDoNotCount() throws Exception {
        Keyring keyring =
                keyFile("# new\n" + ONE + "\n\n  " + TWO + "  \r\n# old\n").read();
        assertThat(keyring.keys()).containsExactly(Key.parse(ONE), Key.parse(TWO));
        assertThat(keyring.sealing()).isEqualTo(Key.parse(ONE));
        assertThat(keyring.find(Key.parse(TWO).id())).isEqualTo(Key.parse(TWO));
        assertThat(keyring.find(1)).isNull();
        assertThat(keyring.secret()).isTrue();
    }

    @Test
    void aNewKeyIsOneLineAndNoTwoAreAlike() throws Exception {
        String text = Key.newText(new SecureRandom());
        assertThat(text).hasSize(44).isNotEqualTo(Key.newText(new SecureRandom()));
        assertThat(keyFile(text + "\n").read().keys()).containsExactly(Key.parse(text));
    }

    /** The first eight digits of {@code printf %s 0123456789abcdef0123456789abcdef | sha256sum}. */
    @Test
    void aKeyIsShownAsItsFingerprintOnly() throws Exception {
        assertThat(Key.parse(ONE)).hasToString("3eb1bd43");
        assertThat(keyFile(ONE + "\n" + TWO).read())
                .hasToString("[3eb1bd43, " + Key.parse(TWO).fingerprint() + "]");
        assertThat(Keyring.INSECURE.secret()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw---x---", "rwxrwxrwx"})
    void aFileThatOthersMayUseIsRefusedWithWhatToDo(String mode) throws IOException {
        Path file = file(ONE, mode);
        assertThatThrownBy(() -> new KeyFile(file, null).read())
                .isInstanceOf(BadKeyFile.class)
                .hasMessageContaining("(" + mode + "), so others than its owner may use it; run: chmod 600 " + file);
    }

    @Test
    void aServiceManagersCredentialMayBeReadableToItsGroup() throws Exception {
        Path file = file(ONE, "r--r-----");
        assertThat(new KeyFile(file, directory).read().keys()).hasSize(1);
        assertThatThrownBy(() -> new KeyFile(file, directory.resolve("other")).read())
                .hasMessageContaining("has mode 440");
        Path loose = file(ONE, "r--r--r--");
        assertThatThrownBy(() -> new KeyFile(loose, directory).read()).hasMessageContaining("has mode 444");
    }

    @Test
    void aFileOfAnotherUserIsRefused() throws IOException {
        Path file = file(ONE, "rw-------");
        Files.setAttribute(file, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> new KeyFile(file, null).read())
                .hasMessageContaining("belongs to user 65534; run: chown root " + file);
    }

    @Test
    void whatIsNoPlainFileIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file(ONE, "rw-------"));
        assertThatThrownBy(() -> new KeyFile(link, null).read()).hasMessageContaining("is a symbolic link");
        assertThatThrownBy(() -> new KeyFile(directory, null).read()).hasMessageContaining("is not a plain file");
        assertThatThrownBy(() -> new KeyFile(directory.resolve("none"), null).read())
                .hasMessageContaining("does not exist; make a key with: (umask 077; onlink keygen > ");
    }

    @Test
    void whatIsNoKeyIsNamedByItsLineAndNotRepeated() throws IOException {
        for (String line : List.of("secret!", ONE.substring(4), ONE + "AAAA", "c2hvcnQ=")) {
            KeyFile file = keyFile(TWO + "\n" + line + "\n");
            assertThatThrownBy(file::read)
                    .hasMessageContaining("line 2 is ")
                    .hasMessageContaining("onlink keygen")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(line, TWO));
        }
    }

    @Test
    void anEmptyFileOneWithTooManyKeysAndOneWithAKeyTwiceAreRefused() throws IOException {
        KeyFile empty = keyFile("# no key\n");
        assertThatThrownBy(empty::read).hasMessageContaining("holds 0 keys, not 1 to 8");
        KeyFile twice = keyFile(ONE + "\n" + ONE);
        assertThatThrownBy(twice::read).hasMessageContaining("holds one key twice");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            many.append(Key.newText(new SecureRandom())).append('\n');
        }
        KeyFile nine = keyFile(many.toString());
        assertThatThrownBy(nine::read).hasMessageContaining("holds 9 keys, not 1 to 8");
        KeyFile large = keyFile("#".repeat(KeyFile.MAX_BYTES + 1));
        assertThatThrownBy(large::read).hasMessageContaining("is longer than 4096 bytes");
    }

    @Test
    void aChangeIsSeenOnceItIsThereAndNoMoreOnceRead() throws Exception {
        KeyFile file = keyFile(ONE);
        assertThat(file.changed()).isTrue();
        file.read();
        assertThat(file.changed()).isFalse();
        file(TWO, "rw-------");
        assertThat(file.changed()).isTrue();
        assertThat(file.read().keys()).containsExactly(Key.parse(TWO));
        file("nonsense", "rw-------");
        assertThat(file.changed()).isTrue();
        assertThatThrownBy(file::read).isInstanceOf(BadKeyFile.class);
        assertThat(file.changed()).as("a bad file is said once").isFalse();
        Files.delete(directory.resolve("key"));
        assertThat(file.changed()).isTrue();
        assertThatThrownBy(file::read).isInstanceOf(BadKeyFile.class);
        assertThat(file.changed()).isFalse();
    }
}
