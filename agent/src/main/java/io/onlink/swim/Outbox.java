package io.onlink.swim;

import java.util.ArrayList;
import java.util.List;

/** What is to be sent, in order. */
final class Outbox {
    private List<Send> sends = new ArrayList<>();

    void send(Contact to, Message message) {
        sends.add(new Send(to, message));
    }

    List<Send> drain() {
        List<Send> drained = sends;
        sends = new ArrayList<>();
        return drained;
    }
}
