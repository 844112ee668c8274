package io.onlink.membership;

/** A member to join by, as it was written: a name or an address, and a port. */
record SeedName(String host, int port) {
    static SeedName parse(String text) {
        int colon = text.lastIndexOf(':');
        String digits = text.substring(colon + 1);
        boolean wellFormed = colon > 0 && colon < 254 && digits.matches("[0-9]{1,5}");
        int port = wellFormed ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("seed '" + text + "' is not host:port such as 172.16.165.33:5114");
        }
        return new SeedName(text.substring(0, colon), port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
