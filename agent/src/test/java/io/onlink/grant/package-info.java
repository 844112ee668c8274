/** Tests of grants. */
@org.jspecify.annotations.NullMarked
package io.onlink.grant;
