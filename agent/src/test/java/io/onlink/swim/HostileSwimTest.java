package io.onlink.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlink.inet.Ipv4;
import io.onlink.swim.Mesh.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one member that has the mesh's key can do to the others by lying about them. */
class HostileSwimTest {
    private final Mesh mesh = new Mesh(42);
    private Host victim;
    private Host liar;
    private final List<Integer> guesses = new ArrayList<>();

    @BeforeEach
    void tenThatKnowOneAnother() {
        mesh.acquainted(10);
        mesh.run(3000);
        victim = mesh.hosts.get(3);
        liar = mesh.hosts.get(6);
    }

    private static Member forged(Member of, long incarnation, State state) {
        boolean alive = state == State.ALIVE;
        Bytes payload = alive ? Mesh.text("forged") : Bytes.EMPTY;
        return new Member(of.contact(), incarnation, state, payload, alive ? of.proof() : Bytes.EMPTY, List.of());
    }

    /** The liar tells everybody but the one it lies about. */
    private void tellOthers(Host about, List<Member> lies) {
        mesh.up().stream().filter(host -> host != about && host != liar).forEach(host -> tell(host, lies));
    }

    private void tell(Host host, List<Member> lies) {
        host.swim.receive(mesh.now, liar.contact, new Message.News(lies));
        host.settle();
    }

    private void allSayWhatHeSays(Host host) {
        assertThat(mesh.whole()).isTrue();
        assertThat(mesh.up())
                .filteredOn(other -> other != host && other != liar)
                .allMatch(other ->
                        other.of(host).payload().equals(host.swim.self().payload()));
    }

    @Test
    void stepsThatAreEachBelievableDoNotAddUpToOneThatSilencesItsVictim() {
        Member seen = mesh.hosts.get(0).of(victim);
        for (long step : new long[] {1000, 1 << 16}) {
            List<Member> lies = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                lies.add(forged(seen, seen.incarnation() + i * step, State.ALIVE));
            }
            tellOthers(victim, lies);
            mesh.run(3000);
            allSayWhatHeSays(victim);
            tellOthers(victim, List.of(forged(seen, seen.incarnation() + 3 * step, State.DEAD)));
            mesh.run(30_000);
            allSayWhatHeSays(victim);
        }
        assertThat(mesh.burials).isEmpty();
    }

    @Test
    void aMemberDoesNotUseUpItsIncarnationsForALieThatNobodyBelieves() {
        Member self = victim.swim.self();
        tell(victim, List.of(forged(self, Member.MAX_INCARNATION - 1, State.ALIVE)));
        tell(victim, List.of(forged(self, Member.MAX_INCARNATION - 1, State.DEAD)));
        mesh.run(3000);
        assertThat(victim.swim.self().incarnation()).isLessThan(10);
        allSayWhatHeSays(victim);
    }

    @Test
    void aLieAboutOneWhoIsYetToComeDoesNotStick() {
        Host late = mesh.add();
        tellOthers(late, List.of(forged(late.swim.self(), Member.MAX_INCARNATION - 1, State.ALIVE)));
        assertThat(mesh.hosts.get(0).of(late)).isNull();
        late.seeds(mesh.hosts.get(0));
        mesh.run(3000);
        allSayWhatHeSays(late);
        assertThat(late.swim.self().incarnation()).isLessThan(10);
    }

    @Test
    void aMemberOfManyChangesIsAskedItselfBeforeItIsBelievedToBeSoFar() {
        for (int i = 0; i < 3000; i++) {
            victim.swim.advertise(mesh.now, Mesh.text("change " + i));
            victim.swim.drain();
        }
        victim.advertise("settled");
        mesh.run(5000);
        allSayWhatHeSays(victim);
        mesh.add().seeds(mesh.hosts.get(0));
        mesh.run(1000);
        allSayWhatHeSays(victim);
    }

    private static Member invented(int number, int bytes) {
        Contact contact = new Contact(new Ipv4(0x0b000000 + number), 5114, number);
        return new Member(contact, 0, State.ALIVE, Bytes.of(new byte[bytes]), Mesh.token(number), List.of());
    }

    private static Swim fresh() {
        Contact here = new Contact(new Ipv4(0x0a000001), 5114, 1L << 40);
        return new Swim(1, here, Mesh.text("h1"), Mesh.token(1), new Random(1));
    }

    @Test
    void tenThousandMembersOfOrdinarySizeAreHeldAndInventedOnesOfFullSizeUpToABudgetOfBytes() {
        Swim ordinary = fresh();
        Swim fat = fresh();
        for (int n = 1; n < View.MAX_MEMBERS + 100; n++) {
            ordinary.receive(1, liar.contact, new Message.News(List.of(invented(n, 150))));
            fat.receive(1, liar.contact, new Message.News(List.of(invented(n, Member.MAX_PAYLOAD))));
            ordinary.drain();
            fat.drain();
        }
        assertThat(ordinary.members()).hasSize(View.MAX_MEMBERS - 1);
        assertThat(fat.members()).hasSize(View.MAX_PAYLOADS / Member.MAX_PAYLOAD - 1);
        Bytes full = Bytes.of(new byte[Member.MAX_PAYLOAD]);
        for (int n = 1; n < View.MAX_MEMBERS; n++) {
            Member larger = new Member(invented(n, 0).contact(), 1, State.ALIVE, full, Mesh.token(n), List.of());
            ordinary.receive(1, liar.contact, new Message.News(List.of(larger)));
            ordinary.drain();
        }
        assertThat(ordinary.members().stream().mapToInt(m -> m.payload().size()).sum())
                .isBetween(View.MAX_PAYLOADS - Member.MAX_PAYLOAD - 10, View.MAX_PAYLOADS);
    }

    private static long records(Swim swim) {
        return swim.drain().stream()
                .filter(send -> send.message() instanceof Message.Records)
                .count();
    }

    @Test
    void onePeerIsToldTheWholeViewOnceInHalfASecondHoweverOftenItAsks() {
        Host asked = mesh.hosts.get(0);
        Message digest = new Message.Digest(liar.swim.self(), 0, List.of());
        long answers = 0;
        for (int i = 0; i < 100; i++) {
            asked.swim.receive(mesh.now, liar.contact, digest);
            answers += records(asked.swim);
        }
        assertThat(answers).isEqualTo(1);
        mesh.run(1000);
        asked.swim.receive(mesh.now, liar.contact, digest);
        assertThat(records(asked.swim)).isEqualTo(1);
    }

    @Test
    void whatOthersLackIsSentBackOnlyAsOftenAsOneHasAskedThem() {
        Host asked = mesh.hosts.get(0);
        Message nothing = new Message.Records(-1L, false, true, List.of());
        long answers = 0;
        for (int i = 0; i < 100; i++) {
            asked.swim.receive(mesh.now, liar.contact, nothing);
            answers += records(asked.swim);
        }
        assertThat(answers).isLessThan(10);
    }

    @Test
    void aSilentHostIsFoundDeadThoughALiarAnswersEveryPingThatIsNotForIt() {
        Host gone = victim;
        gone.down = true;
        for (int i = 0; i < 100 && !mesh.forgotten(gone); i++) {
            mesh.overhear = (to, message) -> {
                if (message instanceof Message.Ping ping && to.boot() == gone.contact.boot()) {
                    guesses.add(ping.seq());
                }
            };
            mesh.run(100);
            List<Integer> seqs = List.copyOf(guesses);
            guesses.clear();
            mesh.up().stream()
                    .filter(host -> host != liar)
                    .forEach(host -> seqs.forEach(seq -> {
                        host.swim.receive(mesh.now, liar.contact, new Message.Ack(seq, 0, List.of()));
                        host.settle();
                    }));
        }
        assertThat(mesh.forgotten(gone)).isTrue();
    }
}
