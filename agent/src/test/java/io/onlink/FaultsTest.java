package io.onlink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Every row of FAULTS.md has a promise, tests that are there, and the last figure seen. */
class FaultsTest {
    private static final Path FAULTS = Path.of("FAULTS.md");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*)\\.([a-z][A-Za-z0-9]*)`");
    private static final Pattern SCRIPT = Pattern.compile("`(deploy/[a-z/-]+)`");
    private static final Pattern STEP = Pattern.compile("faults ([0-9]+)");

    private record Row(String fault, String promise, String tests, String figure) {}

    private static List<Row> rows() throws IOException {
        return Files.readString(FAULTS, UTF_8)
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| fault |"))
                .map(line -> line.substring(1).split("\\|", -1))
                .map(cells -> {
                    assertThat(cells).as(cells[0]).hasSize(5);
                    return new Row(cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip());
                })
                .toList();
    }

    @Test
    void noCellIsEmptyAndEveryRowNamesATest() throws IOException {
        assertThat(rows()).hasSizeGreaterThan(50);
        for (Row row : rows()) {
            assertThat(Arrays.asList(row.fault, row.promise, row.tests, row.figure))
                    .as(row.fault)
                    .doesNotContain("");
            assertThat(Stream.of(TEST, SCRIPT, STEP)
                            .mapToLong(form -> form.matcher(row.tests).results().count())
                            .sum())
                    .as("tests of: %s", row.fault)
                    .isEqualTo(row.tests.split(", ", -1).length);
        }
    }

    @Test
    void everyTestThatIsNamedIsThereAndATest() throws Exception {
        for (Row row : rows()) {
            Matcher named = TEST.matcher(row.tests);
            while (named.find()) {
                String name = named.group(2);
                List<Method> methods = Arrays.stream(named(named.group(1)).getDeclaredMethods())
                        .filter(method -> method.getName().equals(name))
                        .filter(FaultsTest::isTest)
                        .toList();
                assertThat(methods).as("%s, of: %s", named.group(), row.fault).hasSize(1);
            }
        }
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    private static Class<?> named(String simple) throws Exception {
        try (Stream<Path> files = Files.walk(TESTS)) {
            Path file = files.filter(one -> one.endsWith(simple + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no class " + simple));
            String name = TESTS.relativize(file).toString().replace('/', '.');
            return Class.forName(
                    name.substring(0, name.length() - ".java".length()), false, FaultsTest.class.getClassLoader());
        }
    }

    @Test
    void everyScriptAndStepThatIsNamedIsThere() throws IOException {
        String faults = Files.readString(REPOSITORY.resolve("deploy/lab/faults"), UTF_8);
        long steps = Pattern.compile("(?m)^  step \"").matcher(faults).results().count();
        for (Row row : rows()) {
            SCRIPT.matcher(row.tests)
                    .results()
                    .forEach(script -> assertThat(REPOSITORY.resolve(script.group(1)))
                            .as(row.fault)
                            .isExecutable());
            STEP.matcher(row.tests)
                    .results()
                    .forEach(step -> assertThat(Long.parseLong(step.group(1)))
                            .as(row.fault)
                            .isBetween(2L, steps));
        }
    }
}
