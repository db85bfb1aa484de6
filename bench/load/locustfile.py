"""Users who send images: to /process with a random mode, and to /predict.

The host of any server is given on the command line (`--host`) or in the web page of Locust. The
environment names the rest: VIDETTE_API_KEY, VIDETTE_LOAD_IMAGES (folder of the images, JPEG or
PNG), VIDETTE_LOAD_MODEL (default: that of the server) and VIDETTE_LOAD_PAUSE_S (between two
requests of a user; default: 0.5 to 2).
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from locust import HttpUser, between, constant, events, task
from locust.clients import ResponseContextManager

MODES = ("crop", "blur", "both")
KEY = os.environ.get("VIDETTE_API_KEY")
MODEL = os.environ.get("VIDETTE_LOAD_MODEL")
PAUSE_S = os.environ.get("VIDETTE_LOAD_PAUSE_S")
FOLDER = Path(os.environ.get("VIDETTE_LOAD_IMAGES", "images"))
IMAGES = [
    (path.name, path.read_bytes())
    for path in sorted(FOLDER.glob("*"))
    if path.suffix in (".jpg", ".jpeg", ".png")
]


@events.init.add_listener
def check_images(**_: object) -> None:
    """End Locust if there is nothing to send."""
    if not IMAGES:
        raise SystemExit(f"{FOLDER} has no JPEG and no PNG. Set VIDETTE_LOAD_IMAGES to a folder.")


class ImageUser(HttpUser):
    """Sends one image after another: three of five to /process, the others to /predict."""

    host = "http://127.0.0.1:8080"
    wait_time = constant(float(PAUSE_S)) if PAUSE_S else between(0.5, 2)

    def on_start(self) -> None:
        """Send the key with each request."""
        if KEY:
            self.client.headers["Authorization"] = f"Bearer {KEY}"

    @task(3)
    def process(self) -> None:
        """Request images of the main object."""
        mode = random.choice(MODES)
        with self.send("/process", mode=mode) as response:
            if response.status_code == 422 and is_problem(response, "object-not-found"):
                # The response is correct for an image without an object: it has its own row.
                response.request_meta["name"] = "/process (object not found)"
                response.success()
            elif response.status_code != 200:
                response.failure(describe(response))
            elif len(response.json()["result"]) != (2 if mode == "both" else 1):
                response.failure(f"mode {mode}: {len(response.json()['result'])} images")

    @task(2)
    def predict(self) -> None:
        """Request the class of an image."""
        with self.send("/predict") as response:
            if response.status_code != 200:
                response.failure(describe(response))
            elif not response.json().get("prediction_id"):
                response.failure("no prediction_id")

    def send(self, path: str, **fields: str) -> ResponseContextManager:
        """Send a random image with the fields of a form."""
        name, content = random.choice(IMAGES)
        return self.client.post(
            path,
            params={"model": MODEL} if MODEL else {},
            files={"file": (name, content)},
            data=fields,
            name=path,
            catch_response=True,
        )


def is_problem(response: ResponseContextManager, kind: str) -> bool:
    """Return whether a response is a problem (RFC 9457) of a kind."""
    try:
        return str(response.json().get("type", "")).endswith(f"/{kind}")
    except ValueError:
        return False


def describe(response: ResponseContextManager) -> str:
    """Return what a failed response says."""
    return f"{response.status_code} {response.text[:200]}"
