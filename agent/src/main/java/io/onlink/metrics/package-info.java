/**
 * What the agent counts, for Prometheus: {@link io.onlink.metrics.Metric} is the one catalogue of our series.
 *
 * <p>Counters are fed after each pass, gauges are replaced as one value, and what others already count (the kernel for
 * the tunnel, the gossip socket for datagrams) is read at scrape time. Every label value known beforehand exists from
 * the start with 0, so that a rate never misses the first event. Series with the name of a peer go through {@link
 * io.onlink.metrics.PeerSeries} alone: up to a number of peers, and only while the peer is one. All others do not grow
 * with the mesh. Fed by the agent's thread, scraped by the thread of the pages.
 */
@NullMarked
package io.onlink.metrics;

import org.jspecify.annotations.NullMarked;
