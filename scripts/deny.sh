#!/usr/bin/env bash
# Holds every dependency against deny.toml: licences, sources, bans, and advisories.
#
#   OFFLINE=1         leaves the advisories out, which come from the network
#
# `make deny` calls it. `make test` checks licences by itself (python/tests/test_licences.py), without this tool.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
deny=${CARGO_DENY:-cargo-deny}
has "$deny" || fail "cargo-deny is not installed." "Run: cargo install --locked cargo-deny (or name it: CARGO_DENY=/path/to/cargo-deny)"
checks=(licenses bans sources)
[[ -n ${OFFLINE:-} ]] || checks+=(advisories)
"$deny" --all-features check "${checks[@]}"
