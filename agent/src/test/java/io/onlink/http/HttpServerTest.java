package io.onlink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HttpServerTest {
    private final CompletableFuture<Answer> leave = new CompletableFuture<>();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final HttpServer server = new HttpServer(List.of(
            new Page("GET", "/healthz", true, () -> Answer.text(200, "alive")),
            Page.negotiated("/metrics", true, accept -> Answer.text(200, "accept=" + accept)),
            new Page("GET", "/broken", true, () -> {
                throw new IllegalStateException("a page that throws");
            }),
            new Page("GET", "/v1/status", false, () -> Answer.text(200, "all is well")),
            Page.later("POST", "/v1/leave", () -> leave)));

    @TempDir
    private Path dir;

    private InetSocketAddress tcp;
    private Path unix;

    @BeforeEach
    void start() throws IOException {
        tcp = server.bindTcp("127.0.0.1", 0);
        unix = dir.resolve("onlink.sock");
        server.bindUnix(unix);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aPageIsServedOverTcp() throws Exception {
        HttpResponse<String> page = client.send(request("/healthz?verbose=1").build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
        assertThat(page.body()).isEqualTo("alive\n");
    }

    @Test
    void aPageMaySeeTheAcceptHeader() throws Exception {
        HttpRequest asked = request("/metrics").header("Accept", "text/plain").build();
        assertThat(client.send(asked, BodyHandlers.ofString()).body()).isEqualTo("accept=text/plain\n");
        assertThat(client.send(request("/metrics").build(), BodyHandlers.ofString())
                        .body())
                .isEqualTo("accept=\n");
    }

    @Test
    void headSendsTheHeadersOfGetAndNoBody() throws Exception {
        HttpRequest head = request("/healthz")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> page = client.send(head, BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-length")).contains("6");
        assertThat(page.body()).isEmpty();
    }

    @Test
    void anUnknownPageTellsWhichThereAre() throws IOException {
        assertThat(overTcp(last("GET /nothing")))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .endsWith("There is no such page. There are: GET /healthz, GET /metrics, GET /broken.\n");
    }

    @Test
    void aWrongMethodTellsWhichThereAre() throws IOException {
        assertThat(overTcp("POST /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                .contains("allow: GET, HEAD\r\n")
                .endsWith("This page has no such method. It has: GET, HEAD.\n");
    }

    @Test
    void aPageOfTheUnixSocketDoesNotExistOverTcp() throws IOException {
        assertThat(overTcp(last("GET /v1/status"))).startsWith("HTTP/1.1 404 ");
        assertThat(overTcp(last("POST /v1/leave"))).startsWith("HTTP/1.1 404 ").doesNotContain("leave");
        assertThat(overUnix(last("GET /v1/status"))).endsWith("all is well\n");
    }

    @Test
    void aPageMayAnswerLaterAndOthersAreServedMeanwhile() throws Exception {
        try (RawClient leaving = RawClient.unix(unix)) {
            leaving.send("POST /v1/leave HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.send(request("/healthz").build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("alive\n");
            leave.complete(Answer.text(200, "4 routes withdrawn"));
            assertThat(leaving.readUntil("withdrawn\n")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void anAnswerGivenJustBeforeTheEndStillGoesOut() throws IOException {
        try (RawClient leaving = RawClient.unix(unix)) {
            leaving.send(more("GET /v1/status") + more("POST /v1/leave"));
            leaving.readUntil("all is well\n");
            // This answer comes only after the server has looked at what follows it on the same connection.
            overUnix(last("GET /v1/status"));
            leave.complete(Answer.text(200, "4 routes withdrawn"));
            server.close();
            assertThat(leaving.readToEnd()).endsWith("4 routes withdrawn\n");
        }
    }

    @Test
    void aPageThatThrowsCosts500AndNothingElse() throws IOException {
        String both = overTcp(more("GET /broken") + last("GET /healthz"));
        assertThat(both)
                .startsWith("HTTP/1.1 500 ")
                .contains("The page failed; the agent's log says why.\n")
                .doesNotContain("a page that throws")
                .endsWith("alive\n");
    }

    @Test
    void aLaterAnswerThatFailsIs500() throws IOException {
        leave.completeExceptionally(new IOException("gossip is gone"));
        assertThat(overUnix(last("POST /v1/leave"))).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            asked.add(more(i % 2 == 0 ? "GET /healthz" : "GET /nothing"));
        }
        try (RawClient raw = RawClient.tcp(tcp)) {
            raw.send(String.join("", asked)).send(last("GET /healthz"));
            List<String> statuses = raw.readToEnd()
                    .lines()
                    .filter(line -> line.startsWith("HTTP/1.1 "))
                    .map(line -> line.substring(9, 12))
                    .toList();
            assertThat(statuses)
                    .hasSize(501)
                    .startsWith("200", "404", "200", "404")
                    .endsWith("200");
        }
    }

    @Test
    void garbageAfterARequestEndsTheConnectionAfterItsAnswer() throws IOException {
        assertThat(overTcp("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n\u0016\u0003\u0001 what is this\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("alive\n")
                .contains("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("This is no HTTP/1.1 request.\n");
    }

    @Test
    void headersMayComeInManyPieces() throws IOException {
        try (RawClient raw = RawClient.tcp(tcp)) {
            raw.send("GET /metrics HTTP/1.1\r\nHost: a\r\nCookie: " + "a".repeat(5000) + "\r\nAccept: x");
            // An answer to somebody else shows that the server has looked at what is there so far.
            overTcp(last("GET /healthz"));
            raw.send("y\r\nConnection: cl");
            overTcp(last("GET /healthz"));
            assertThat(raw.send("ose\r\n\r\n").readToEnd()).endsWith("accept=xy\n");
        }
    }

    @Test
    void aLongRequestLineIsRefused() throws IOException {
        assertThat(overTcp("GET /" + "a".repeat(Limits.REQUEST_LINE) + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ")
                .endsWith("A request line has at most 2048 bytes.\n");
    }

    @Test
    void longHeadersAreRefused() throws IOException {
        assertThat(overTcp("GET /healthz HTTP/1.1\r\nHost: a\r\nCookie: " + "a".repeat(64 * 1024) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .endsWith("Headers have at most 6144 bytes in all.\n");
    }

    @Test
    void aLargeBodyIsRefusedAnnouncedOrNot() throws IOException {
        assertThat(overTcp("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .endsWith("A body has at most 1024 bytes; no page needs one.\n");
        assertThat(overTcp("POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n"
                        + "a".repeat(1025) + "\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void aRequestThatDoesNotEndIsCutOff() throws IOException {
        long start = System.nanoTime();
        assertThat(overTcp("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: "))
                .startsWith("HTTP/1.1 408 ")
                .endsWith("The request did not end within 5 s.\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Limits.REQUEST.minusMillis(100), Limits.REQUEST.plusSeconds(10));
    }

    @Test
    void aClientThatSaysNothingIsSentAway() throws IOException {
        assertThat(overTcp("")).isEmpty();
    }

    @Test
    void oneConnectionTooManyIsRefusedAndThePlaceOfOneThatWentIsFree() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < Limits.CONNECTIONS; i++) {
                clients.add(RawClient.tcp(tcp).send(more("GET /healthz")));
                clients.get(i).readUntil("alive\n");
            }
            assertThat(overTcp(""))
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("64 connections are open, which is the limit; try again later.\n");
            assertThat(overUnix(last("GET /v1/status"))).endsWith("all is well\n");
            clients.get(0).send(last("GET /healthz"));
            clients.remove(0).readToEnd();
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(
                            () -> assertThat(overTcp(last("GET /healthz"))).endsWith("alive\n"));
        } finally {
            for (RawClient each : clients) {
                each.close();
            }
        }
    }

    @Test
    void anAddressInUseIsNamed() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> server.bindTcp("127.0.0.1", tcp.getPort()))
                .withMessage("cannot listen on TCP 127.0.0.1:" + tcp.getPort()
                        + ": Address already in use; stop the other program (ss -lntp 'sport = :" + tcp.getPort()
                        + "'), or choose another --http, or off");
    }

    @Test
    void pagesAreCheckedWhenTheyAreMade() {
        Page page = new Page("GET", "/a", true, () -> Answer.text(200, "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpServer(List.of(page, page)))
                .withMessage("there are two pages GET /a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Page("POST", "/a", true, () -> Answer.text(200, "a")))
                .withMessage("POST /a over TCP: only GET is served there");
        assertThatIllegalArgumentException().isThrownBy(() -> new Page("GET", "a", true, () -> Answer.text(200, "a")));
        assertThatIllegalArgumentException().isThrownBy(() -> new Page("PUT", "/a", false, () -> Answer.text(200, "")));
        assertThatIllegalArgumentException().isThrownBy(() -> Answer.text(99, "a"));
    }

    /** A request after which more come on the connection. */
    private static String more(String asked) {
        return asked + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    /** A request after which the connection is to end. */
    private static String last(String asked) {
        return asked + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + tcp.getPort() + path))
                .timeout(Duration.ofSeconds(10));
    }

    private String overTcp(String text) throws IOException {
        try (RawClient raw = RawClient.tcp(tcp)) {
            return raw.send(text).readToEnd();
        }
    }

    private String overUnix(String text) throws IOException {
        try (RawClient raw = RawClient.unix(unix)) {
            return raw.send(text).readToEnd();
        }
    }
}
