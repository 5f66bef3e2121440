"""Opens what premotor wrote with lerobot and prints what it sees: python read_lerobot.py DIR."""

import sys
from pathlib import Path

import numpy as np
from lerobot.datasets.lerobot_dataset import LeRobotDataset

root = Path(sys.argv[1])
data = LeRobotDataset("premotor/exported", root=root, delta_timestamps={"action": [0.0]})
print(f"{data.num_episodes} episodes, {data.num_frames} frames at {data.fps} fps, cameras {data.meta.camera_keys}")
print("tasks", data.meta.tasks.index.tolist(), "| state", data.meta.features["observation.state"]["names"])
row = data[len(data) // 2]
print({key: (tuple(value.shape), str(value.dtype)) if hasattr(value, "shape") else value for key, value in row.items()})
actions = np.stack([np.asarray(action) for action in data.hf_dataset["action"]])
stats = data.meta.stats["action"]
for name, found in (("min", actions.min(0)), ("max", actions.max(0)), ("mean", actions.mean(0)), ("std", actions.std(0))):
    assert np.allclose(stats[name], found, atol=1e-5), (name, stats[name], found)
print("statistics of actions agree; mean picture by row", [round(float(data[i][data.meta.camera_keys[0]].mean()), 3) for i in range(5)])
