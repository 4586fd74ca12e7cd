# Sourced by tests/run: what it starts for itself (a directory, a PostgreSQL, services with demo data), and how all of
# that goes away again, whether the run ends well, fails or is interrupted.
# shellcheck shell=bash disable=SC2154  # root, waymark: set by tests/run

scratch="$(mktemp -d "${TMPDIR:-/tmp}/waymark-tests.XXXXXX")"
chmod 711 "$scratch" # the owner of the PostgreSQL files must reach its own directory inside
groups_started=()    # process groups of the jobs begun in the background

in_group() { # in_group COMMAND...: in the background, in a process group of its own, so that all of it can be ended
    set -m
    "$@" </dev/null &
    set +m
    groups_started+=("$!")
}

end_group() { # end_group PID: asks the group to stop, insists after five seconds
    local tries=50
    kill -TERM -- "-$1" 2>/dev/null || return 0
    while kill -0 -- "-$1" 2>/dev/null && [ "$tries" -gt 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
    kill -KILL -- "-$1" 2>/dev/null || true
}

clean_up() {
    local status=$? group
    trap '' INT TERM HUP
    for group in "${groups_started[@]}"; do end_group "$group"; done
    stop_clusters
    rm -rf "$scratch"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

as_database_owner() { # PostgreSQL refuses to run as root: there, another user runs it
    if [ "$(id -u)" -eq 0 ]; then
        local user=nobody
        ! id postgres >/dev/null 2>&1 || user=postgres
        setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups -- "$@"
    else
        "$@"
    fi
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start_postgres() { # leaves the address of the administrator's database in $scratch/postgres-url
    make_cluster postgres
    run_cluster postgres -c max_connections=300 -c synchronous_commit=off
}

start_replicated() { # a primary and its streaming replica: $scratch/primary-url and $scratch/replica-url
    make_cluster primary
    run_cluster primary
    mkdir "$scratch/replica"
    if [ "$(id -u)" -eq 0 ]; then chown -R "$(as_database_owner id -u)" "$scratch/replica"; fi
    cp "$scratch/primary/password" "$scratch/replica/password"
    (
        cd "$scratch/replica" && as_database_owner "$(postgres_bin)/pg_basebackup" --dbname="$(cat "$scratch/primary-url")" --pgdata="$scratch/replica/data" \
            --write-recovery-conf --checkpoint=fast --no-sync
    )
    # A read that stands in the way of the replay is cancelled at once.
    run_cluster replica -c max_standby_streaming_delay=0
}

make_cluster() { # make_cluster NAME: an empty one in $scratch/NAME
    local home="$scratch/$1"
    mkdir "$home"
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$home/password"
    if [ "$(id -u)" -eq 0 ]; then chown -R "$(as_database_owner id -u)" "$home"; fi
    (
        cd "$home" && as_database_owner "$(postgres_bin)/initdb" --pgdata="$home/data" --username=waymark --pwfile="$home/password" \
            --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync >/dev/null
    )
}

run_cluster() { # run_cluster NAME [OPTION...]: leaves the address of the administrator's database in $scratch/NAME-url
    local home="$scratch/$1" name="$1" port
    shift
    port="$(free_port)"
    # A throw-away server need not survive a power cut.
    (
        cd "$home"
        as_database_owner "$(postgres_bin)/pg_ctl" --pgdata="$home/data" --wait --timeout=60 --silent --log="$home/log" \
            --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' \
                -c fsync=off -c full_page_writes=off $*" start
    ) || { cat "$home/log" >&2; return 1; }
    printf 'postgres://waymark:%s@127.0.0.1:%s/postgres' "$(cat "$home/password")" "$port" >"$scratch/$name-url"
}

stop_clusters() {
    local name
    for name in postgres replica primary; do
        [ -e "$scratch/$name/data/postmaster.pid" ] || continue
        (cd "$scratch/$name" && as_database_owner "$(postgres_bin)/pg_ctl" --pgdata="$scratch/$name/data" \
            --mode=immediate --silent stop) || true
    done
}

new_database() { # new_database ENGINE NAME: prints the address of an empty database
    if [ "$1" = sqlite ]; then
        echo "sqlite:$scratch/$2.db"
    else
        local admin
        admin="$(cat "$scratch/postgres-url")"
        "$(postgres_bin)/psql" --quiet --no-psqlrc "$admin" --command "create database $2" >/dev/null
        echo "${admin%/postgres}/$2"
    fi
}

start_demo() { # start_demo ENGINE NAME: serves the demo data; sets $demo (one line of JSON), $demo_database, $demo_pid
    demo_database="$(new_database "$1" "$2")"
    mkfifo "$scratch/$2.output"
    # What is tested here is not the rate limit: it must not be reached.
    WAYMARK_RATE_PER_MINUTE=600000 WAYMARK_RATE_BURST=100000 "$waymark" demo --listen 127.0.0.1:0 --database-url "$demo_database" --output json \
        >"$scratch/$2.output" 2>"$scratch/$2.log" </dev/null &
    demo_pid=$!
    exec {demo_output}<"$scratch/$2.output"
    if ! IFS= read -r -t 120 demo <&"$demo_output"; then
        echo "waymark demo did not start on $1:" >&2
        tail -n 40 "$scratch/$2.log" >&2
        return 1
    fi
}

stop_demo() { # ends the service as an operator would, and fails when it does not end well
    local status=0
    kill -TERM "$demo_pid"
    wait "$demo_pid" || status=$?
    exec {demo_output}<&-
    [ "$status" -eq 0 ] || { echo "the service ended with status $status" >&2; return 1; }
}

demo_value() { # demo_value KEY [KEY]: one value of the demo's line of JSON
    python3 -c 'import functools, json, sys; print(functools.reduce(dict.get, sys.argv[2:], json.loads(sys.argv[1])))' \
        "$demo" "$@"
}
