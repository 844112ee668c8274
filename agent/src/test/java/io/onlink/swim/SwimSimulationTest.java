package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small run of {@link SwimSimulation}; the large one is its main method. */
class SwimSimulationTest {
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.2})
    void everyNodeLearnsOfEveryChangeAndNobodyIsRemovedWhoLives(double loss) {
        SwimSimulation.Result result = SwimSimulation.run(100, 5, 30, loss, 0);
        System.out.println("measured " + result);
        assertThat(result.change()).allMatch(millis -> millis >= 0 && millis < 3000);
        assertThat(result.leave()).allMatch(millis -> millis >= 0 && millis < 3000);
        assertThat(result.death()).allMatch(millis -> millis >= 0 && millis < 7000);
        assertThat(result.falseRemovals()).isZero();
        assertThat(result.bytes()).isLessThan(loss > 0.1 ? 1000 : 300);
    }
}
