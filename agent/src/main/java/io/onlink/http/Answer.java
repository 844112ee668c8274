package io.onlink.http;

/**
 * What a page says.
 *
 * @param status the HTTP status, 200 to 599
 * @param contentType such as {@code text/plain; charset=utf-8}
 * @param body sent in UTF-8
 */
public record Answer(int status, String contentType, String body) {
    private static final String TEXT = "text/plain; charset=utf-8";

    public Answer {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("an answer cannot have the status " + status);
        }
    }

    /** Plain text; a line end is added. */
    public static Answer text(int status, String line) {
        return new Answer(status, TEXT, line + "\n");
    }

    /** Plain text as it is. */
    public static Answer lines(int status, String text) {
        return new Answer(status, TEXT, text);
    }

    /** JSON, with status 200. */
    public static Answer json(String text) {
        return new Answer(200, "application/json; charset=utf-8", text);
    }
}
