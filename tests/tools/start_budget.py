"""Starts the built service on an existing database and holds it to its budget: first ready answer in under a second,
then, idle, under 60 MB of resident memory, of which the pages of its unoptimised code are some 37: what it allocates
is about 12. Usage: start_budget.py WAYMARK DATABASE_URL PORT"""

import http.client
import os
import subprocess
import sys
import time

SECONDS = 1.0
MEGABYTES = 60.0
GIVE_UP_AFTER = 20.0


def ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def resident_megabytes(pid: int) -> float:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1_000_000


def main() -> None:
    waymark, database_url, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    begun = time.monotonic()
    service = subprocess.Popen(
        [waymark, "serve", "--listen", f"127.0.0.1:{port}", "--database-url", database_url],
        env={**os.environ, "WAYMARK_TOKEN_SECRET": os.urandom(32).hex()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not ready(port):
            if service.poll() is not None:
                sys.exit(f"the service ended with status {service.returncode}")
            if time.monotonic() - begun > GIVE_UP_AFTER:
                sys.exit(f"the service was not ready after {GIVE_UP_AFTER:.0f} s")
            time.sleep(0.005)
        seconds = time.monotonic() - begun
        megabytes = resident_megabytes(service.pid)
    finally:
        service.terminate()
        service.wait()
    print(f"ready after {seconds:.2f} s (budget {SECONDS} s), {megabytes:.1f} MB resident (budget {MEGABYTES:.0f} MB)")
    sys.exit(seconds >= SECONDS or megabytes >= MEGABYTES)


main()
