"""Serves one Gymnasium environment over TCP: see docs/gymnasium.md. One client at a time."""
import argparse, importlib, json, socket, struct
import gymnasium
import numpy as np

def receive(link, count):
    data = b""
    while len(data) < count:
        part = link.recv(count - len(data))
        if not part:
            raise ConnectionError("the client is gone")
        data += part
    return data

def send(link, head, body=b""):
    text = json.dumps(head).encode()
    link.sendall(struct.pack(">II", len(text), len(body)) + text + body)

def hello(env, name):
    space, fps = env.action_space, env.metadata.get("render_fps") or 10
    discrete = isinstance(space, gymnasium.spaces.Discrete)
    if not discrete and not (isinstance(space, gymnasium.spaces.Box) and space.is_bounded()):
        raise ValueError(f"the action space must be Discrete or a Box with bounds, got {space}")
    low, high = (np.zeros(space.n), np.ones(space.n)) if discrete else (space.low.ravel(), space.high.ravel())
    return {"version": 1, "env": name, "low": low.tolist(), "high": high.tolist(), "discrete": discrete, "periodMs": 1000 / fps}

def answer(link, env, seen, reward=0.0, terminated=False, truncated=False, info={}):
    picture = np.ascontiguousarray(env.render(), dtype=np.uint8)[:, :, :3]
    flat = isinstance(seen, np.ndarray) and seen.ndim == 1
    head = {"width": picture.shape[1], "height": picture.shape[0], "state": seen.astype(float).tolist() if flat else [],
            "reward": float(reward), "terminated": bool(terminated), "truncated": bool(truncated)}
    if "is_success" in info:
        head["success"] = bool(info["is_success"])
    send(link, head, picture.tobytes())

def act(env, action):
    space = env.action_space
    if isinstance(space, gymnasium.spaces.Discrete):
        return int(space.start + np.argmax(action))
    return np.clip(np.asarray(action, space.dtype).reshape(space.shape), space.low, space.high)

def serve(link, env, name):
    while True:
        head, body = struct.unpack(">II", receive(link, 8))
        if head > 65536 or body > 0:
            raise ConnectionError("a request is too long")
        ask = json.loads(receive(link, head))
        try:
            if ask["kind"] == "hello":
                send(link, hello(env, name))
            elif ask["kind"] == "reset":
                answer(link, env, env.reset(seed=ask["seed"])[0])
            else:
                answer(link, env, *env.step(act(env, ask["action"])))
        except OSError:
            raise
        except Exception as error:
            send(link, {"error": f"{name}: {type(error).__name__}: {error}".replace("\n", " ")[:500]})

parser = argparse.ArgumentParser()
parser.add_argument("--env", required=True)
parser.add_argument("--port", type=int, default=7070)
parser.add_argument("--kwargs", type=json.loads, default={}, help="JSON, for gymnasium.make")
options = parser.parse_args()
if "/" in options.env:
    importlib.import_module(options.env.split("/")[0])
env = gymnasium.make(options.env, render_mode="rgb_array", **options.kwargs)
with socket.create_server(("127.0.0.1", options.port)) as server:
    print(f"{options.env} at 127.0.0.1:{server.getsockname()[1]}", flush=True)
    while True:
        link, _ = server.accept()
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with link:
            try:
                serve(link, env, options.env)
            except (OSError, ValueError, KeyError, TypeError) as error:
                print(error, flush=True)
