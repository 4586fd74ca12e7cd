# Sourced by tests/run: Schemathesis against the service with demo data, on both engines at the same time.
# shellcheck shell=bash disable=SC2154  # root, scratch, demo: set by tests/run

cases_wanted=5000
# Fixed, so that a failure comes again; two of them, so that the engines do not see the same requests.
declare -A seed=([sqlite]=20100331 [postgres]=20110331)

token_with_every_role() { # prints a token that may do everything, so that no request ends at a missing role
    local role grants=()
    for role in admin performance_officer accountable_officer accountable_director board_clerk submitter; do
        grants+=(--grant "$role@*")
    done
    "$waymark" client add schemathesis --database-url "$demo_database" "${grants[@]}" >"$scratch/$1.client" 2>/dev/null
    python3 - "$(demo_value url)" "$scratch/$1.client" <<'PYTHON'
import json, sys, urllib.parse, urllib.request

client = dict(line.split() for line in open(sys.argv[2]))
form = urllib.parse.urlencode({"grant_type": "client_credentials", **client}).encode()
print(json.load(urllib.request.urlopen(sys.argv[1] + "/v1/token", form))["access_token"])
PYTHON
}

schemathesis_on() { # schemathesis_on ENGINE: one whole run
    local token
    start_demo "$1" "schemathesis_$1"
    token="$(token_with_every_role "schemathesis_$1")"
    WAYMARK_TOKEN="$token" timeout --foreground 1200 \
        schemathesis --config-file "$root/tests/schemathesis/schemathesis.toml" run "$(demo_value url)/openapi.json" \
        --seed "${seed[$1]}" --no-color --report json --report-json-path "$scratch/schemathesis_$1.json"
    stop_demo
}

run_schemathesis() {
    local engine status=0 jobs=()
    for engine in sqlite postgres; do
        (set -euo pipefail; schemathesis_on "$engine") >"$scratch/schemathesis_$engine.txt" 2>&1 &
        jobs+=("$!")
    done
    for engine in sqlite postgres; do
        wait "${jobs[0]}" || status=1
        jobs=("${jobs[@]:1}")
        echo "on $engine"
        cat "$scratch/schemathesis_$engine.txt"
    done
    [ "$status" -eq 0 ] || return 1
    python3 - "$cases_wanted" "$scratch"/schemathesis_{sqlite,postgres}.json <<'PYTHON'
import json, sys

wanted = int(sys.argv[1])
made = [json.load(open(path))["test_cases"]["generated"] for path in sys.argv[2:]]
print(f"{sum(made)} requests generated, {wanted} wanted")
sys.exit(sum(made) < wanted)
PYTHON
}
