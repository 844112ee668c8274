package io.onlink.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of one listener. */
final class Pages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

    private final List<Page> pages;

    private Pages(List<Page> pages) {
        this.pages = pages;
    }

    /** All pages, for the unix socket. */
    static Pages of(List<Page> pages) {
        Set<String> names = new HashSet<>();
        for (Page page : pages) {
            if (!names.add(page.toString())) {
                throw new IllegalArgumentException("there are two pages " + page);
            }
        }
        return new Pages(List.copyOf(pages));
    }

    /** Those that are there for TCP clients. */
    Pages overTcp() {
        return new Pages(pages.stream().filter(Page::overTcp).toList());
    }

    /** Answers with the page, or with what there is instead. Never throws; the stage may fail. */
    CompletionStage<Answer> answer(String method, String uri, String accept) {
        String path = path(uri);
        for (Page page : pages) {
            if (page.path().equals(path) && page.serves(method)) {
                return respond(page, accept);
            }
        }
        String allowed = allowed(uri);
        return CompletableFuture.completedStage(
                allowed.isEmpty()
                        ? Answer.text(404, "There is no such page. There are: " + list() + ".")
                        : Answer.text(405, "This page has no such method. It has: " + allowed + "."));
    }

    private static CompletionStage<Answer> respond(Page page, String accept) {
        CompletionStage<Answer> stage;
        try {
            stage = page.respond().apply(accept);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        return stage.exceptionally(e -> {
            LOG.error("The page {} failed", page, e);
            return Answer.text(500, "The page failed; the agent's log says why.");
        });
    }

    /** The methods of the path as the Allow header lists them, or nothing where there is no such page. */
    String allowed(String uri) {
        String path = path(uri);
        return pages.stream()
                .filter(page -> page.path().equals(path))
                .flatMap(page -> page.method().equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(page.method()))
                .collect(Collectors.joining(", "));
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private String list() {
        return pages.stream().map(Page::toString).collect(Collectors.joining(", "));
    }
}
