/**
 * The pages: scrape and health over TCP, control over a unix socket, both on one event loop thread.
 *
 * <p>It knows nothing of the agent: a {@link io.onlink.http.Page} is a method, a path and what answers. Over TCP nothing
 * can be changed: pages that are not flagged for it do not exist there, and only GET and HEAD are served. Everything a
 * client can send or hold has a limit ({@link io.onlink.http.Limits}). Pages answer on the event loop thread and so must
 * be quick; a page that takes longer gives a stage and completes it later, from any thread. A page that throws costs its
 * client an answer of 500 and nothing else.
 */
@NullMarked
package io.onlink.http;

import org.jspecify.annotations.NullMarked;
