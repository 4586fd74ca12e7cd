# Sourced by tests/run: what each step does. A step runs in a shell of its own, under `set -e`, with the project's root as
# working directory; what it starts is ended with it.
# shellcheck shell=bash disable=SC2154,SC2329  # variables and callers are in tests/run

# shellcheck source=tests/schemathesis/both-engines.sh
. "$root/tests/schemathesis/both-engines.sh"

step_format() { cargo fmt --all --check; }

step_tools() { wait_for_tools; }

step_scripts() {
    shellcheck --external-sources tests/run .ci/run tests/tools/*.sh tests/typescript/build
    hadolint Dockerfile
}

step_clippy() { cargo clippy --locked --workspace --all-targets -- -D warnings; }

step_doc() { RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --exclude waymark-tests --no-deps; }

step_layers() { tests/tools/layers.sh; }

step_house() { tests/tools/house.py; }

step_dependencies() { cargo-deny --workspace --log-level error check bans licenses sources; }

step_build() {
    local command
    command="$(sed -n 's/^RUN \(cargo build .*\)$/\1/p' Dockerfile)"
    [ -n "$command" ] || { echo "the Dockerfile has no line 'RUN cargo build'" >&2; return 1; }
    echo "$command"
    PROFILE=dev sh -euc "$command"
}

step_postgres() { start_postgres; }

step_replica() { start_replicated; }

step_tests() {
    WAYMARK_TEST_POSTGRES_URL="$(cat "$scratch/postgres-url")" \
        WAYMARK_TEST_PRIMARY_URL="$(cat "$scratch/primary-url")" \
        WAYMARK_TEST_REPLICA_URL="$(cat "$scratch/replica-url")" \
        cargo nextest run --locked --workspace --no-fail-fast
}

step_doctests() { cargo test --locked --workspace --doc --quiet; }

step_contract() {
    "$waymark" openapi >"$scratch/openapi.json"
    diff -u openapi/openapi.json "$scratch/openapi.json" | head -n 60
    "$waymark" openapi --version 3.0 | diff -u openapi/openapi-3.0.json - | head -n 60
    tests/tools/words.py
    cargo run --locked --quiet -p waymark-contract-diff -- openapi/released openapi/openapi.json openapi/CHANGELOG.md
}

step_lint() {
    local bin=tests/node_modules/.bin
    "$bin/spectral" lint --ruleset openapi/.spectral.yaml --fail-severity hint openapi/openapi.json
    "$bin/redocly" lint --config openapi/redocly.yaml openapi/openapi.json
}

step_typescript() {
    tests/typescript/build
    local engine
    for engine in sqlite postgres; do
        echo "on $engine"
        start_demo "$engine" "typescript_$engine"
        WAYMARK_DEMO="$demo" node tests/typescript/generated/push-and-pull.js
        WAYMARK_DEMO="$demo" node tests/typescript/generated/deletion-cycle.js
        stop_demo
    done
}

step_browser() {
    start_demo sqlite browser
    WAYMARK_DEMO="$demo" CHROMIUM="$(chromium_path)" node tests/browser/docs.mjs
    stop_demo
}

step_schemathesis() { run_schemathesis; }

step_start() {
    start_demo sqlite start # makes the database
    stop_demo
    python3 tests/tools/start_budget.py "$waymark" "sqlite:$scratch/start.db" "$(free_port)"
}

step_fuzz() { tests/tools/fuzz.sh; }
