"""compare.py drives.json [--golden DIR]: the same models and controls in native MuJoCo; how far the positions come apart."""
import argparse, json, pathlib
import mujoco
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("drives")
parser.add_argument("--golden")
options = parser.parse_args()
print(f"native MuJoCo {mujoco.__version__}: largest difference of any position (m, rad)")
for name, drive in json.load(open(options.drives)).items():
    model = mujoco.MjModel.from_xml_string(drive["mjcf"])
    data = mujoco.MjData(model)
    for at, value in drive["start"].items():
        data.qpos[int(at)] = value
    native = []
    for control in drive["controls"]:
        data.ctrl[:] = control
        for _ in range(drive["substeps"]):
            mujoco.mj_step(model, data)
        native.append(data.qpos.copy())
    apart = np.abs(np.array(native) - np.array(drive["positions"])).max(axis=1)
    print(f"{name:12} {len(apart)} control steps: median {np.median(apart):.1e}, p90 {np.quantile(apart, 0.9):.1e}, max {apart.max():.1e}")
    if options.golden:
        golden = {"mujoco": mujoco.__version__, "every": 10, "positions": np.round(native, 12)[9::10].tolist()}
        (pathlib.Path(options.golden) / f"{name}.json").write_text(json.dumps(golden) + "\n")
