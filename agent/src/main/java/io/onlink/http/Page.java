package io.onlink.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A page. The query part of a request is ignored, a body is read and thrown away.
 *
 * @param method GET, which serves HEAD too, or POST
 * @param path with a leading slash, matched exactly
 * @param overTcp whether it is there for TCP clients, not on the unix socket alone; only for GET
 * @param respond called on the event loop thread with the Accept header, or an empty string where there is none
 */
public record Page(String method, String path, boolean overTcp, Function<String, CompletionStage<Answer>> respond) {
    public Page {
        if (!method.equals("GET") && !method.equals("POST")) {
            throw new IllegalArgumentException("a page has GET or POST, not " + method);
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path '" + path + "' has no leading slash");
        }
        if (overTcp && !method.equals("GET")) {
            throw new IllegalArgumentException(method + " " + path + " over TCP: only GET is served there");
        }
    }

    /** A page that answers at once. */
    public Page(String method, String path, boolean overTcp, Supplier<Answer> answer) {
        this(method, path, overTcp, accept -> CompletableFuture.completedStage(answer.get()));
    }

    /** A GET page that answers at once, by the Accept header. */
    public static Page negotiated(String path, boolean overTcp, Function<String, Answer> answer) {
        return new Page("GET", path, overTcp, accept -> CompletableFuture.completedStage(answer.apply(accept)));
    }

    /** A page of the unix socket that answers when its work is done, within 30 s, from any thread. */
    public static Page later(String method, String path, Supplier<CompletionStage<Answer>> answer) {
        return new Page(method, path, false, accept -> answer.get());
    }

    boolean serves(String requested) {
        return requested.equals(method) || (requested.equals("HEAD") && method.equals("GET"));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
