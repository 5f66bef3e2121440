"""Opens what premotor wrote with stable-worldmodel and prints what it sees: python read_hdf5.py FILE."""

import sys

import h5py
import numpy as np
from stable_worldmodel.data.formats.hdf5 import HDF5Dataset

path = sys.argv[1]
with h5py.File(path, "r", swmr=True) as file:
    print("attributes", {name: file.attrs[name] for name in file.attrs})
    for name, column in file.items():
        print(f"{name:10} {column.dtype} {column.shape} chunks {column.chunks} max {column.maxshape}")
    lengths, offsets = file["ep_len"][:], file["ep_offset"][:]
    ends = offsets + lengths - 1
    assert np.isnan(file["action"][:][ends]).all(), "the last row of an episode has no action"
    rest = np.delete(file["action"][:], ends, axis=0)
    assert np.isfinite(rest).all()
    print(f"{len(lengths)} episodes of {lengths.min()} to {lengths.max()} rows; actions {rest.min(0)} to {rest.max(0)}")

data = HDF5Dataset(path=path, frameskip=1, num_steps=2)
clip = data[len(data) // 2]
print(f"stable-worldmodel: {len(data)} clips of 2 steps;", {key: (tuple(value.shape), str(value.dtype)) for key, value in clip.items()})
print("mean pixel", float(clip["pixels"].float().mean()))
