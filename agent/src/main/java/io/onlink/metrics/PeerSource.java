package io.onlink.metrics;

/** Somebody who has figures of each peer, such as what a kernel counts of its packets. */
@FunctionalInterface
public interface PeerSource {
    /**
     * Adds what is known now, once a scrape, on the scraping thread; must be quick. Not called while there are more peers
     * than may have series. What it throws costs its own series only.
     */
    void addTo(PeerSeries series);
}
