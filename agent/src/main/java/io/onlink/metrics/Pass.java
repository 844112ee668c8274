package io.onlink.metrics;

import io.onlink.route.Failure;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * One pass of the reconciler, as it is counted.
 *
 * @param trigger what caused it: event, timer, netlink or startup
 * @param nanos how long it took, in nanoseconds, not negative
 * @param ok whether the kernel answered and nothing was refused but for a foreign route
 * @param appliedByOp how many routes and nexthop objects were changed, by add, replace and delete
 * @param failures the changes that were refused
 * @param driftByKind differences no change of the mesh explains, by missing, changed and extra
 */
public record Pass(
        String trigger,
        long nanos,
        boolean ok,
        Map<String, Long> appliedByOp,
        List<Failure> failures,
        Map<String, Integer> driftByKind) {
    /** Refuses label values outside the catalogue: they are ours, so one would be a slip in the code. */
    public Pass {
        check(Metric.RECONCILE_DURATION, List.of(trigger));
        check(Metric.ROUTE_OPERATIONS, appliedByOp.keySet());
        check(Metric.ROUTE_DRIFT_REPAIRS, driftByKind.keySet());
        if (nanos < 0) {
            throw new IllegalArgumentException("a pass cannot take " + nanos + " ns");
        }
        appliedByOp = Map.copyOf(appliedByOp);
        failures = List.copyOf(failures);
        driftByKind = Map.copyOf(driftByKind);
    }

    private static void check(Metric metric, Collection<String> values) {
        Label label = metric.labels().get(0);
        for (String value : values) {
            if (!label.values().contains(value)) {
                throw new IllegalArgumentException(
                        metric.series() + " has no " + label.name() + " '" + value + "'; it has " + label.values());
            }
        }
    }
}
