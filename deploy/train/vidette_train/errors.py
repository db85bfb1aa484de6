"""Errors that end a training for good."""

from typing import Literal

Code = Literal["TRAIN_DATA", "TRAIN_DIVERGED", "LIMIT_EXCEEDED", "MODEL_INVALID"]

CODES: tuple[Code, ...] = ("TRAIN_DATA", "TRAIN_DIVERGED", "LIMIT_EXCEEDED", "MODEL_INVALID")


class TrainError(Exception):
    """Failure that a further attempt would repeat; its code is the type in Temporal."""

    def __init__(self, code: Code, message: str) -> None:
        """Create the error from its code, and a message with the limit and what to do."""
        super().__init__(message)
        self.code: Code = code


def reported_error(code: str, message: str) -> TrainError:
    """Return the error that a trainer has reported; an unknown code becomes `TRAIN_DIVERGED`."""
    known = next((each for each in CODES if each == code), None)
    return TrainError(known or "TRAIN_DIVERGED", message)
