"""Writes test/fixtures/hdf5: python make_hdf5.py OUT (needs stable-worldmodel, h5py, hdf5plugin)."""

import sys
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np
from episodes import LENGTHS, action, frame, state
from stable_worldmodel.data.formats.hdf5 import HDF5Writer

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)


def columns(episode: int, length: int) -> dict:
    """What World.collect hands to a writer: the last row has no action."""
    rows = range(length)
    none = np.full(2, np.nan, np.float32)
    return {
        "pixels": [frame(episode, row) for row in rows],
        "action": [action(episode, row) if row + 1 < length else none for row in rows],
        "proprio": [state(episode, row)[:2] for row in rows],
        "state": [state(episode, row).astype(np.float64) for row in rows],
        "reward": [np.float64(np.nan if row == 0 else -row) for row in rows],
        "terminated": [np.bool_(row + 1 == length) for row in rows],
        "step_idx": [np.int64(row) for row in rows],
    }


# As stable-worldmodel 0.1 writes it: its own writer, one row a chunk, not compressed.
with HDF5Writer(out / "swm.h5", mode="overwrite") as writer:
    for episode, length in enumerate(LENGTHS):
        writer.write_episode(columns(episode, length))

# As its recorder of before (and the published LeWM data) had it: chunks of 100 rows, Blosc with LZ4 and shuffling, ep_idx.
blosc = hdf5plugin.Blosc(cname="lz4", clevel=5, shuffle=hdf5plugin.Blosc.SHUFFLE)
with h5py.File(out / "blosc.h5", "w", libver="latest") as file:
    parts = [columns(episode, length) for episode, length in enumerate(LENGTHS)]
    for name in parts[0]:
        rows = np.array([row for part in parts for row in part[name]])
        wide = rows.ndim >= 2
        file.create_dataset(
            name,
            data=rows,
            maxshape=(None, *rows.shape[1:]),
            chunks=((100 if wide else 1000), *rows.shape[1:]),
            **(blosc if wide else {}),
        )
    offsets = np.concatenate([[0], np.cumsum(LENGTHS)[:-1]])
    file.create_dataset("ep_offset", data=offsets.astype(np.int64), maxshape=(None,))
    file.create_dataset("ep_len", data=np.array(LENGTHS, np.int32), maxshape=(None,))
    file.create_dataset("ep_idx", data=np.repeat(np.arange(len(LENGTHS), dtype=np.int32), LENGTHS), maxshape=(None,))
