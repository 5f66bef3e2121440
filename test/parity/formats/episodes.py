"""The episodes that every fixture tells of: what a test can compute by itself is what it compares with."""

import numpy as np

WIDTH, HEIGHT, FPS = 32, 24, 10
LENGTHS = (5, 9, 4)  # rows, i.e. moments: one action less


def frame(episode: int, row: int) -> np.ndarray:
    """Red rises to the right, green downwards, blue with the rows: uint8 [h, w, 3]."""
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[..., 0] = 8 * np.arange(WIDTH)[None, :]
    picture[..., 1] = 10 * np.arange(HEIGHT)[:, None]
    picture[..., 2] = 28 * row + 8 * episode
    return picture


def action(episode: int, row: int) -> np.ndarray:
    return np.array([episode + row / 8, -row / 4], np.float32)


def state(episode: int, row: int) -> np.ndarray:
    return np.array([episode, row, row / 16], np.float32)
