package io.onlink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layout's rules: a pure core, one library to a package, adapters that do not know each other, files to hold in the head. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.onlink");
    private static final int LONGEST_FILE = 400;

    @Test
    void theCoreImportsNothingButTheJdkAndItsOwnInnerPackages() {
        core("io.onlink.inet", "io.onlink.inet");
        core("io.onlink.grant", "io.onlink.inet", "io.onlink.grant", "java.security..", "java.nio..");
        core("io.onlink.peer", "io.onlink.inet", "io.onlink.grant", "io.onlink.peer");
        core(
                "io.onlink.seal",
                "io.onlink.seal",
                "java.io..",
                "java.net..",
                "java.nio..",
                "java.security..",
                "javax.crypto..");
        core("io.onlink.swim", "io.onlink.inet", "io.onlink.swim", "java.security");
        core("io.onlink.route", "io.onlink.inet", "io.onlink.peer", "io.onlink.route");
        core("io.onlink.guard", "io.onlink.inet", "io.onlink.peer", "io.onlink.route", "io.onlink.guard");
    }

    private static void core(String of, String... allowed) {
        String[] all = Stream.concat(
                        Stream.of(allowed), Stream.of("java.lang..", "java.util..", "java.time..", "org.jspecify.."))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(of)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all)
                .check(MAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "jnr..,              io.onlink.netlink",
        "io.atomix..,        io.onlink.membership",
        "io.onlink.proto..,  io.onlink.membership",
        "io.micrometer..,    io.onlink.metrics",
        "io.prometheus..,    io.onlink.metrics",
        "picocli..,          io.onlink.cli",
        "org.snakeyaml..,    io.onlink.config",
    })
    void oneLibraryHasOneHome(String library, String home) {
        noClasses()
                .that()
                .resideInAPackage("io.onlink..")
                .and()
                .resideOutsideOfPackages(home, "io.onlink.proto..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(MAIN);
    }

    @Test
    void nettyIsForTheNetworkOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.onlink.membership", "io.onlink.http")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(MAIN);
    }

    @Test
    void adaptersDoNotKnowEachOtherButForTheCommandsThatReadTheSettings() {
        List<String> adapters = List.of("netlink", "membership", "metrics", "http", "config", "cli");
        for (String one : adapters) {
            String[] others = adapters.stream()
                    .filter(other -> !other.equals(one) && !(one.equals("cli") && other.equals("config")))
                    .map(other -> "io.onlink." + other)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("io.onlink." + one)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(MAIN);
        }
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.onlink.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.onlink.proto..")
                .should()
                .haveNameMatching(
                        ".*\\.(Default|Abstract|Base)[A-Z]\\w*|.*(Impl|Manager|Service|Helper|Utils?|Info|Data|Context)")
                .check(MAIN);
    }

    @Test
    void noClassSleepsOrReadsTheWallClock() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(MAIN);
        noClasses().should().callMethod(TimeUnit.class, "sleep", long.class).check(MAIN);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(MAIN);
        noClasses().should().callMethod(Instant.class, "now").check(MAIN);
    }

    @Test
    void noFileIsLongerThanCanBeHeldInTheHead() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<String> tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> lines(file).size() > LONGEST_FILE)
                    .map(Path::toString)
                    .toList();
            assertThat(tooLong).isEmpty();
        }
    }

    /** A host's locale is often none at all, and Java 17 then prints every other character as a question mark. */
    @Test
    void whatTheAgentPrintsIsAscii() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            List<String> others = files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> lines(file).stream())
                    .map(String::strip)
                    .filter(line -> !line.startsWith("*") && !line.startsWith("/"))
                    .filter(line -> !line.matches("\\p{ASCII}*"))
                    .toList();
            assertThat(others).isEmpty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
