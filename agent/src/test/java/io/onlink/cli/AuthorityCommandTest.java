package io.onlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    /** Runs {@code onlink authority} with these words, DIR standing for the test's directory. */
    private int run(String words) {
        out.reset();
        err.reset();
        String[] arguments = Arrays.stream(("authority " + words).split(" ", -1))
                .map(word -> word.replace("DIR", directory.toString()))
                .toArray(String[]::new);
        Commands commands = new Commands("onlink 0.1.0", config -> 1, place -> 1);
        return new OnlinkCommand(commands, stream(out), stream(err)).run(arguments, Map.of());
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8).replace(directory.toString(), "DIR");
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8).replace(directory.toString(), "DIR");
    }

    private String permissions(String file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
    }

    private void grantForB() throws IOException {
        assertThat(run("init DIR/ca")).as(err()).isZero();
        assertThat(run("sign DIR/ca --name b --node-ip 172.16.165.244 --subnet 10.42.2.0/24,10.42.8.0/22"))
                .as(err())
                .isZero();
        Files.write(directory.resolve("b.grant"), out.toByteArray());
    }

    @Test
    void initMakesASecretAndAPublicFileAndNeverOverwrites() throws IOException {
        assertThat(run("init DIR/ca")).isZero();
        assertThat(out())
                .matches("authority \\[[0-9a-f]{8}]: keep DIR/ca/authority.key secret and off the nodes;"
                        + " put DIR/ca/authority.pub on every node\n");
        assertThat(permissions("ca")).isEqualTo("rwx------");
        assertThat(permissions("ca/authority.key")).isEqualTo("rw-------");
        assertThat(permissions("ca/authority.pub")).isEqualTo("rw-r--r--");
        String key = Files.readString(directory.resolve("ca/authority.key"));
        assertThat(run("init DIR/ca")).isEqualTo(78);
        assertThat(err())
                .isEqualTo(
                        "onlink: DIR/ca/authority.key is there already and is left alone; every grant hangs on it\n");
        assertThat(directory.resolve("ca/authority.key")).hasContent(key);
    }

    @Test
    void signPrintsAGrantThatShowReads() throws IOException {
        grantForB();
        assertThat(out()).startsWith("# node b, node IP [172.16.165.244], subnets [10.42.2.0/24, 10.42.8.0/22]\n");
        assertThat(run("show DIR/b.grant --authority DIR/ca/authority.pub")).isZero();
        assertThat(out()).matches("""
                        node    b
                        node-ip 172.16.165.244
                        subnet  10.42.2.0/24
                        subnet  10.42.8.0/22
                        signed by authority \\[[0-9a-f]{8}]
                        """);
    }

    @Test
    void showRefusesWhatAnotherAuthoritySignedOrWhatIsNoGrant() throws IOException {
        grantForB();
        assertThat(run("init DIR/other")).isZero();
        assertThat(run("show DIR/b.grant --authority DIR/other/authority.pub")).isEqualTo(78);
        assertThat(err()).startsWith("onlink: DIR/b.grant: the grant is not signed by this mesh's authority [");
        assertThat(run("show DIR/ca/authority.pub --authority DIR/ca/authority.pub"))
                .isEqualTo(78);
        assertThat(err()).isEqualTo("onlink: DIR/ca/authority.pub is no grant file: it has not one line of base64\n");
    }

    @Test
    void signRefusesAKeyThatOthersMayRead() throws IOException {
        assertThat(run("init DIR/ca")).isZero();
        Files.setPosixFilePermissions(
                directory.resolve("ca/authority.key"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(run("sign DIR/ca --name b --node-ip 172.16.165.244 --subnet 10.42.2.0/24"))
                .isEqualTo(78);
        assertThat(err()).contains("may be used by others; chmod 600 DIR/ca/authority.key");
        assertThat(out()).isEmpty();
    }

    @Test
    void wrongWordsAreSaid() {
        assertThat(run("sign DIR --name b --node-ip 172.16.165.244 --subnet 10.42.2.1/24"))
                .isEqualTo(78);
        assertThat(err()).isEqualTo("onlink: 10.42.2.1/24 has host bits set; did you mean 10.42.2.0/24?\n");
        assertThat(run("sign DIR --name b --subnet 10.42.2.0/24")).isEqualTo(64);
        assertThat(err()).contains("Missing required option: '--node-ip=ADDRESS'");
        assertThat(run("sign DIR --help")).isZero();
        assertThat(out()).contains("Usage: onlink authority sign");
    }

    @Test
    void withoutACommandTheUsageIsPrinted() {
        Commands commands = new Commands("onlink 0.1.0", config -> 1, place -> 1);
        int status = new OnlinkCommand(commands, stream(out), stream(err)).run(new String[] {"authority"}, Map.of());
        assertThat(status).isEqualTo(64);
        assertThat(err()).contains("Usage: onlink authority", "init", "sign", "show");
    }
}
