/**
 * What {@code deploy/bench} runs: passes over a mesh of {@value io.onlink.bench.Bench#PEERS} peers, measured.
 *
 * <p>No test: the machine decides the figures. Only the peers are made up; admission, reconciler and kernel are real. It
 * needs root and changes the routes of the network namespace it is started in. One thread.
 */
@NullMarked
package io.onlink.bench;

import org.jspecify.annotations.NullMarked;
