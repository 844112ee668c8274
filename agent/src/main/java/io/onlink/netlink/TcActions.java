package io.onlink.netlink;

import io.onlink.guard.DropReason;
import io.onlink.netlink.TcPlan.Step;
import io.onlink.route.KernelException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The generic actions that the guard's filters share, one for each reason to drop: they count. */
final class TcActions {
    private TcActions() {}

    /** That action of ours, or null if there is none, for want of that kind of action too. */
    static @Nullable GactMessage find(NetlinkConnection connection, DropReason reason) throws KernelException {
        List<GactMessage> found = new ArrayList<>();
        GactMessage.request(connection.request(), TcLayout.action(reason));
        connection.exchange(message -> {
            GactMessage action = GactMessage.decode(message);
            return action != null && found.add(action);
        });
        return found.isEmpty() ? null : found.get(0);
    }

    /** What brings back those that are missing, or that no longer drop. */
    static List<Step> repairs(NetlinkConnection connection) throws KernelException {
        List<Step> steps = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            GactMessage action = find(connection, reason);
            if (action == null || action.verdict() != TcUapi.TC_ACT_SHOT) {
                int index = TcLayout.action(reason);
                steps.add(new Step(
                        "tc actions replace action drop index " + index,
                        request -> GactMessage.writeDrop(request, index)));
            }
        }
        return steps;
    }

    /** What takes them away. */
    static List<Step> removal(NetlinkConnection connection) throws KernelException {
        List<Step> steps = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            if (find(connection, reason) != null) {
                int index = TcLayout.action(reason);
                steps.add(new Step(
                        "tc actions del action gact index " + index,
                        request -> GactMessage.writeDelete(request, index)));
            }
        }
        return steps;
    }

    /** Packets that each has dropped. */
    static Map<DropReason, Long> counts(NetlinkConnection connection) throws KernelException {
        Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            GactMessage action = find(connection, reason);
            if (action != null) {
                dropped.put(reason, action.packets());
            }
        }
        return dropped;
    }
}
