#!/usr/bin/env bash
# The arrows between the crates run one way: api -> persistence -> domain. Asked of the dependency graph, then of the
# sources, so that neither a new dependency nor a re-export can bring a layer where it does not belong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

failed=0

must_not_depend() { # must_not_depend PACKAGE PATTERN: on a package whose name matches, directly or through another
    local tree found
    tree="$(cargo tree --locked --package "$1" --edges normal --prefix none --format '{p}')"
    found="$(cut -d ' ' -f 1 <<<"$tree" | sort -u | grep -xE "$2" || true)"
    [ -z "$found" ] || { echo "$1 depends on: ${found//$'\n'/ }"; failed=1; }
}

must_not_name() { # must_not_name FOLDER PATTERN: in a Rust source
    if grep -rnE --include='*.rs' "$2" "$1"; then
        echo "$1 names what another layer keeps to itself"
        failed=1
    fi
}

http='actix.*|axum.*|hyper|reqwest|ureq|utoipa.*'
database='diesel.*|r2d2|libsqlite3-sys|pq-sys|rusqlite|tokio-postgres'
effects='serde|serde_json|tokio|futures.*|tracing|rand|waymark-(persistence|api)'

must_not_depend waymark-domain "$http|$database|$effects"
must_not_depend waymark-persistence "$http|waymark-api"
must_not_name domain/src '\b(diesel|actix_web|utoipa|serde|serde_json|tokio|waymark_persistence|waymark_api)::'
must_not_name domain/src '\b(std::(fs|net|env|process)|SystemTime|Instant::now|Utc::now|Local::now)\b'
must_not_name persistence/src '\b(actix_[a-z]+|utoipa[a-z_]*|waymark_api)::'
must_not_name api/src '\bdiesel(_[a-z]+)?::'

tests/tools/rooms.py || failed=1

exit "$failed"
