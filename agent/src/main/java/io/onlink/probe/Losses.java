package io.onlink.probe;

/** How much is lost of all questions, and of the small ones, by which it is judged what a loss means. */
final class Losses {
    /** Lost large questions, a small one answered after each, that make a black hole where little else is lost. */
    static final int TRIES = 3;

    /** Unanswered questions in a row that make a peer silent: where little is lost, and where much is. */
    static final int SILENT = 5;

    private static final int SILENT_IF_LOSSY = 9;

    /** From this share on a path is lossy. */
    private static final double LOSSY = 0.3;

    private final Loss all = new Loss(Course.WINDOW);
    private final Loss small = new Loss(Course.WINDOW);

    void lost(int size) {
        all.add(true);
        if (size == Packet.SMALL) {
            small.add(true);
        }
    }

    /** Takes an answer, which may have come after the question was taken for lost. */
    void answered(Waiting.Sent question) {
        answered(all, question);
        if (question.size == Packet.SMALL) {
            answered(small, question);
        }
    }

    private static void answered(Loss loss, Waiting.Sent question) {
        if (question.lost()) {
            loss.take();
        }
        loss.add(false);
    }

    void clear() {
        all.clear();
        small.clear();
    }

    /** How often a size must be lost to be given up. */
    int tries() {
        double loss = small.share();
        return loss <= 0.1 ? TRIES : loss <= 0.25 ? 2 * TRIES - 1 : 2 * TRIES + 1;
    }

    /** How many questions in a row must be lost for the peer to be silent. */
    int silentFrom() {
        return small.share() <= 0.1 ? SILENT : SILENT_IF_LOSSY;
    }

    double share() {
        return all.share();
    }

    boolean lossy() {
        return all.count() >= Course.WINDOW / 2 && all.share() >= LOSSY;
    }

    /** Such as "3 of the last 20". */
    @Override
    public String toString() {
        return all.lost() + " of the last " + all.count();
    }
}
