package io.onlink.grant;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as text (RFC 7468), as {@code openssl pkey} reads and writes them. */
final class Pem {
    private static final int WIDTH = 64;

    private Pem() {}

    static String encode(String label, byte[] der) {
        byte[] end = "\n".getBytes(StandardCharsets.US_ASCII);
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(WIDTH, end).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** The contents of every block of that label, in order. What stands between blocks does not matter. */
    static List<byte[]> decode(String label, String text) {
        Pattern block = Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*)-----END " + label + "-----");
        List<byte[]> found = new ArrayList<>();
        Matcher matcher = block.matcher(text);
        while (matcher.find()) {
            found.add(Base64.getMimeDecoder().decode(matcher.group(1)));
        }
        return found;
    }
}
