"""What TensorBoard's own reader finds in folders of event files, as JSON: a list with one entry a folder."""

import json
import pathlib
import sys

from tensorboard.backend.event_processing import event_accumulator, event_file_loader


def read(folder):
    accumulator = event_accumulator.EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    tags = accumulator.Tags()
    plugins = {tag: accumulator.SummaryMetadata(tag).plugin_data.plugin_name for tag in tags["tensors"]}
    scalars, texts = {}, {}
    for tag in tags["scalars"]:
        scalars[tag] = [[event.step, repr(event.value), event.wall_time] for event in accumulator.Scalars(tag)]
    for tag in tags["tensors"]:
        texts[tag] = [
            [event.step, [value.decode() for value in event.tensor_proto.string_val]]
            for event in accumulator.Tensors(tag)
        ]
    return {"scalars": scalars, "texts": texts, "plugins": plugins, "files": [raw(f) for f in files(folder)]}


def files(folder):
    return sorted(str(path) for path in pathlib.Path(folder).iterdir())


def raw(file):
    """The version that a file's first event names, and how many whole events it has."""
    events = list(event_file_loader.LegacyEventFileLoader(file).Load())
    return {"version": events[0].file_version if events else None, "events": len(events)}


json.dump([read(folder) for folder in sys.argv[1:]], sys.stdout)
