"""Writes test/fixtures/lerobot: python make_lerobot.py OUT (needs lerobot)."""

import shutil
import sys
from pathlib import Path

from episodes import FPS, HEIGHT, LENGTHS, WIDTH, action, frame, state
from lerobot.datasets.lerobot_dataset import LeRobotDataset

out = Path(sys.argv[1])
TASKS = ("push the block", "push the block", "reach the corner")


def features(dtype: str) -> dict:
    names = ["height", "width", "channels"]
    return {
        "observation.images.front": {"dtype": dtype, "shape": (HEIGHT, WIDTH, 3), "names": names},
        "observation.state": {"dtype": "float32", "shape": (3,), "names": ["episode", "row", "part"]},
        "action": {"dtype": "float32", "shape": (2,), "names": ["x", "y"]},
    }


def write(name: str, dtype: str, more: dict | None = None, **options) -> None:
    shutil.rmtree(out / name, ignore_errors=True)
    data = LeRobotDataset.create(
        repo_id=f"premotor/{name}",
        fps=FPS,
        features={**features(dtype), **(more or {})},
        root=out / name,
        robot_type="drawn",
        use_videos=dtype == "video",
        **options,
    )
    for episode, length in enumerate(LENGTHS):
        for row in range(length):
            extra = {"observation.images.wrist": frame(episode, row)[:, ::-1].copy()} if more else {}
            data.add_frame(
                {
                    "observation.images.front": frame(episode, row),
                    "observation.state": state(episode, row),
                    "action": action(episode, row),
                    "task": TASKS[episode],
                    **extra,
                }
            )
        data.save_episode()
    data.finalize()


wrist = {"observation.images.wrist": {"dtype": "image", "shape": (HEIGHT, WIDTH, 3), "names": ["height", "width", "channels"]}}
write("images", "image", wrist)
write("videos", "video", vcodec="h264")
