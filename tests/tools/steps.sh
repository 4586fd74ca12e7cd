# Sourced by tests/run: what each step does. A step runs in a shell of its own, under `set -e`, with the project's root as
# working directory; what it starts is ended with it.
# shellcheck shell=bash disable=SC2154,SC2329  # variables and callers are in tests/run

# shellcheck source=tests/schemathesis/both-engines.sh
. "$root/tests/schemathesis/both-engines.sh"

step_format() { cargo fmt --all --check; }

step_tools() { wait_for_tools; }

step_scripts() {
    shellcheck --external-sources tests/run .ci/run tests/tools/*.sh tests/clients/build
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
    "$bin/spectral" lint --ruleset openapi/.spectral.yaml --fail-severity hint openapi/openapi.json openapi/openapi-3.0.json
    "$bin/redocly" lint --config openapi/redocly.yaml openapi/openapi.json
    # Why an example with null is not valid in the copy: openapi/.spectral.yaml.
    "$bin/redocly" lint --config openapi/redocly.yaml --skip-rule no-invalid-media-type-examples openapi/openapi-3.0.json
}

step_clients() {
    tests/clients/build
    cargo check --locked --manifest-path tests/clients/progenitor/Cargo.toml
    local engine compiled=tests/clients/generated/compiled
    for engine in sqlite postgres; do
        echo "on $engine"
        run_client "$engine" openapi_typescript node "$compiled/openapi-typescript/run.js"
        run_client "$engine" deletion_cycle node "$compiled/openapi-typescript/deletion-cycle.js"
        run_client "$engine" orval node "$compiled/orval/run.js"
        run_client "$engine" hey_api node "$compiled/hey-api/run.js"
        run_client "$engine" python env PYTHONPATH=tests/clients/generated/python python3 tests/clients/python/run.py
    done
}

run_client() { # run_client ENGINE NAME COMMAND...: against a demonstration of its own, as a client that is registered with it
    local database_name="client_$2_$1" credentials
    start_demo "$1" "$database_name"
    credentials="$("$waymark" client add "$2" --grant submitter@leicestershire --grant reader@leicestershire \
        --database-url "$demo_database" 2>"$scratch/$database_name.client" | client_as_json)"
    WAYMARK_DEMO="$demo" WAYMARK_CLIENT="$credentials" "${@:3}"
    stop_demo
}

client_as_json() {
    python3 -c 'import json, sys; print(json.dumps(dict(line.removeprefix("client_").split() for line in sys.stdin)))'
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
