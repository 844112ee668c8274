/**
 * What {@code grafana/} gives to people is true and works: the dashboards keep to rules, name only what the agent exports
 * and leave none of that out; each alert has a runbook and is seen firing and silent; what is there twice is equal. The
 * integration tests ask the real thing: Prometheus' own tool for the rules, and a Prometheus that scrapes real agents for
 * every expression. One thread.
 */
@NullMarked
package io.onlink.grafana;

import org.jspecify.annotations.NullMarked;
