package io.onlink.swim;

/** A message that is to be sent. It may be lost: nothing depends on one alone. */
public record Send(Contact to, Message message) {}
