"""One cold start, in a process of its own that Lambda's own Python would be: nothing is on its path but the function's
package and the SDK. It imports `app`, calls a handler, and ends when the first request to AWS is about to leave.

`python -I -S cold_start_child.py PATHS HANDLER EVENT`: it prints what that took as JSON.
"""

import os
import sys
import time


def main(paths: str, handler: str, event: str) -> None:
    """Import, call, print and end."""
    sys.path[:0] = paths.split(os.pathsep)
    sys.dont_write_bytecode = True  # Lambda could not, its folders are read-only
    before = set(sys.modules)
    began = _clocks()
    app = __import__("app")  # the name of Hato's own module and of each bare one's
    imported = _clocks()
    loaded = sys.modules.keys() - before
    figures = {
        "import_s": _since(began, imported),
        "modules_on_import": sorted(loaded),
        "has_boto3": "boto3" in loaded or "botocore" in loaded,
    }

    def end_at_first_request(name: str, _: tuple[object, ...]) -> None:
        if name == "socket.getaddrinfo":
            import json

            figures["first_call_s"] = _since(began, _clocks())
            figures["modules_at_first_call"] = sorted(sys.modules.keys() - before - {"json"})
            os.write(1, json.dumps(figures).encode())
            os._exit(0)  # in whatever thread this is

    sys.addaudithook(end_at_first_request)
    import json

    getattr(app, handler)(json.loads(event), _Context(handler))
    os.write(1, json.dumps(figures).encode())  # it has asked AWS for nothing


def _clocks() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def _since(began: tuple[float, float], ended: tuple[float, float]) -> dict[str, float]:
    return {"cpu": ended[0] - began[0], "wall": ended[1] - began[1]}


class _Context:
    """What Lambda says of the invocation."""

    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def __init__(self, handler: str) -> None:
        self.function_name = f"hato-dev-{handler}"

    def get_remaining_time_in_millis(self) -> int:
        return 90_000


if __name__ == "__main__":
    main(*sys.argv[1:4])
