package io.onlink.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SettingTest {
    @Test
    void aSettingHasOneNameInThreeSpellings() {
        assertThat(Setting.GOSSIP_PORT.key()).isEqualTo("gossip-port");
        assertThat(Setting.GOSSIP_PORT.flag()).isEqualTo("--gossip-port");
        assertThat(Setting.GOSSIP_PORT.variable()).isEqualTo("ONLINK_GOSSIP_PORT");
    }

    @ParameterizedTest
    @EnumSource
    void everySettingSaysWhatItIsAndHowToChoose(Setting setting) {
        assertThat(setting.help()).matches("[A-Z].*\\.");
        assertThat(setting.choose()).hasSizeGreaterThan(20).endsWith(".");
        assertThat(setting.defaultText()).isNotEmpty();
        assertThat(setting.placeholder()).matches("[A-Z:\\[\\]]+");
    }

    @Test
    void theTableOfSettingsHasARowForEach() {
        assertThat(SettingsTable.markdown().lines())
                .hasSize(Setting.values().length + 2)
                .contains("| `--mtu` `SIZE` | auto | bytes | The tunnel's MTU, 68 to 65535; auto is the underlay's less"
                        + " 20 for the outer header. *Leave it at auto; set it where the path between nodes carries less"
                        + " than the link of the node IP.* |");
    }

    @ParameterizedTest
    @CsvSource({"mtu,mtu,0", "mut,mtu,1", "mtuu,mtu,1", "tunel,tunnel,1", "hodl,hold,1", "seed,resync,5", "'',mtu,3"})
    void theDistanceOfTwoNamesCountsSwapsAsOne(String a, String b, int distance) {
        assertThat(Spelling.distance(a, b)).isEqualTo(distance);
        assertThat(Spelling.distance(b, a)).isEqualTo(distance);
    }
}
