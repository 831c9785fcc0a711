"""The graphics cards of this machine, counted and shared out without loading torch."""

import errno
import logging
import os
import socket
import time
from pathlib import Path

logger = logging.getLogger(__name__)

CHOICE = "CUDA_VISIBLE_DEVICES"
# What this process has reserved; the kernel takes it back when the process ends, in whatever way.
_reserved: list[socket.socket] = []


def count_gpus(devices: str = "/dev") -> int:
    """Number of NVIDIA cards that the operating system shows; none where the user hides them."""
    if os.environ.get(CHOICE) in ("", "-1"):
        return 0
    return len(list(Path(devices).glob("nvidia[0-9]*")))


def use_gpu(asked: int, devices: str = "/dev", pause: float = 1.0) -> None:
    """Let this process see the one card that it may use, or none.

    One card that a scheduler or the user has chosen already is taken as it is. Of several, one is
    reserved for the life of this process, and waited for while other jobs have them all. To be
    called before the first use of a card.

    Parameters
    ----------
    asked : int
        Number of cards that the job asked for; more than one would be no use to it.
    devices : str
        Folder of the device files.
    pause : float
        Time between two looks for a free card [s].
    """
    if asked:
        given = os.environ.get(CHOICE)
        cards = map(str, range(count_gpus(devices))) if given is None else given.split(",")
        cards = [card.strip() for card in cards]
        if not cards:
            logger.warning("a graphics card was asked for and no device file of one is there")
        elif given is None or len(cards) > 1:
            os.environ[CHOICE] = _wait_for_one(cards, devices, pause)
    else:
        os.environ[CHOICE] = ""
    logger.info("%s=%s", CHOICE, os.environ.get(CHOICE, ""))


def _wait_for_one(cards: list[str], devices: str, pause: float) -> str:
    waited = False
    while True:
        for card in cards:
            if _reserve(f"{devices}/nvidia{card}"):
                return card
        if not waited:
            logger.info("other jobs have all graphics cards; waiting for one")
            waited = True
        time.sleep(pause)


def _reserve(card: str) -> bool:
    """Whether the card was free, and is now reserved for this process.

    The name of an abstract socket belongs to one process of the machine at a time. Unlike a lock
    file it leaves nothing behind, and needs no folder that every user may write to.
    """
    reservation = socket.socket(socket.AF_UNIX)
    try:
        reservation.bind(f"\0randvec{card}")
    except OSError as error:
        reservation.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return False
    _reserved.append(reservation)
    return True
