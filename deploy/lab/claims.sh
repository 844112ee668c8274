# shellcheck shell=bash
# How a story is told: numbered steps, commands as typed, their output, and a verdict on each claim.
# To be sourced after hosts.sh.

CLAIMS=0
FAILED=()
STEP=0

step() {
  STEP=$((STEP + 1))
  printf '\n%d. %s\n\n' "$STEP" "$*"
}

ok() {
  CLAIMS=$((CLAIMS + 1))
  printf '   ok      %s\n' "$*"
}

wrong() {
  CLAIMS=$((CLAIMS + 1))
  FAILED+=("step $STEP: $*")
  printf '   NOT SO  %s\n' "$*"
}

# claim TEXT COMMAND...: COMMAND decides whether TEXT is so.
claim() {
  local text=$1
  shift
  if "$@"; then ok "$text"; else wrong "$text"; fi
}

indent() { sed 's/^/   /; s/ *$//'; }

# typed HOST COMMAND...: shows the command as a person would type it at that host.
typed() {
  local host=$1
  shift
  printf '   %s# %s\n' "${host^^}" "$*"
}

# show HOST COMMAND...: the command as typed, and its output; ends with its status.
show() {
  local output status=0
  typed "$@"
  output=$(on "$@" 2>&1) || status=$?
  indent <<<"$output"
  return "$status"
}
