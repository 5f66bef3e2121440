"""compare.py drives.json: the torques of our reacher in dm_control's own model; how far joints and fingertip come apart."""
import importlib.util, json, pathlib, sys
import mujoco
import numpy as np

suite = pathlib.Path(importlib.util.find_spec("dm_control").origin).parent / "suite"
common = {f"./common/{path.name}": path.read_bytes() for path in (suite / "common").glob("*.xml")}
drive = json.load(open(sys.argv[1]))["reacher"]
theirs = mujoco.MjModel.from_xml_string((suite / "reacher.xml").read_text(), common)
ours = mujoco.MjModel.from_xml_string(drive["mjcf"])
one, two = mujoco.MjData(theirs), mujoco.MjData(ours)
tip = lambda model, data: data.geom_xpos[mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_GEOM, "finger")][:2]
joints, fingers = [], []
for control, positions in zip(drive["controls"], drive["positions"]):
    one.ctrl[:] = control
    for _ in range(drive["substeps"]):
        mujoco.mj_step(theirs, one)
    two.qpos[:] = positions
    mujoco.mj_kinematics(theirs, one)
    mujoco.mj_kinematics(ours, two)
    joints.append(np.abs(one.qpos - positions).max())
    fingers.append(np.hypot(*(tip(theirs, one) - tip(ours, two))))
print(f"dm_control's reacher on MuJoCo {mujoco.__version__}, {len(joints)} control steps")
print(f"joints:    median {np.median(joints):.1e}, max {max(joints):.1e} rad")
print(f"fingertip: median {np.median(fingers):.1e}, max {max(fingers):.1e} m")
