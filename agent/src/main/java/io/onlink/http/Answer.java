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
}
