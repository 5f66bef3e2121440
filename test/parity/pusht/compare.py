"""compare.py pusht.json [--golden DIR]: the same pushes in gym-pusht on pymunk, and its pictures of the same states."""
import argparse, base64, json, os, pathlib
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
import cv2, pygame
import numpy as np
from PIL import Image
from gym_pusht.envs.pusht import PushTEnv

parser = argparse.ArgumentParser()
parser.add_argument("episodes")
parser.add_argument("--golden", help="write three pictures of gym-pusht and their states here")
options = parser.parse_args()
env = PushTEnv(obs_type="state")
env.reset()

def settle(state):
    """A state with the block where it shall be, and no physics step."""
    env._setup()
    env.agent.position = list(state[:2])
    env.block.angle = state[4]
    env.block.position = list(state[2:4])
    env.agent.velocity = env.block.velocity = (0, 0)
    for body in (env.agent, env.block):
        env.space.reindex_shapes_for_body(body)

def picture(state, size):
    settle(state)
    return cv2.resize(np.transpose(np.array(pygame.surfarray.pixels3d(env._draw())), (1, 0, 2)), (size, size))

def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2))

def quantiles(name, values, unit):
    print(f"{name:22} N {len(values)}: median {np.median(values):.4g}, p90 {np.quantile(values, 0.9):.4g}, max {max(values):.4g} {unit}")

episodes = json.load(open(options.episodes))
for kind in ("free", "wall"):
    agent, block, angle = [], [], []
    for episode in (each for each in episodes if each["kind"] == kind):
        settle(episode["start"])
        for action in episode["actions"]:
            env.step(np.array(env.agent.position) + 100 * np.array(action))
        ours, theirs = np.array(episode["end"]), [*env.agent.position, *env.block.position, env.block.angle]
        agent.append(np.hypot(*(ours[:2] - theirs[:2])))
        block.append(np.hypot(*(ours[2:4] - theirs[2:4])))
        angle.append(abs((ours[4] - theirs[4] + np.pi) % (2 * np.pi) - np.pi))
    quantiles(f"{kind}: agent", agent, "px")
    quantiles(f"{kind}: block", block, "px")
    quantiles(f"{kind}: angle", angle, "rad")
golden = []
for size in ("64", "96", "224"):
    found = []
    for number, episode in enumerate(episodes):
        if size not in episode["pictures"]:
            continue
        ours = np.frombuffer(base64.b64decode(episode["pictures"][size]), np.uint8).reshape(int(size), int(size), 3)
        theirs = picture(episode["end"], int(size))
        found.append(psnr(ours, theirs))
        if options.golden and number == ("64", "96", "224").index(size):
            name = f"gym-pusht-{size}.png"
            Image.fromarray(theirs).save(pathlib.Path(options.golden) / name, optimize=True)
            golden.append({"picture": name, "size": int(size), "state": episode["end"]})
    print(f"pictures of {size} px       N {len(found)}: PSNR {min(found):.1f} to {max(found):.1f} dB")
if options.golden:
    (pathlib.Path(options.golden) / "gym-pusht.json").write_text(json.dumps(golden) + "\n")
