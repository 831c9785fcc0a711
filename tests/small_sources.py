"""A small CAMELS as its sources publish it, made of virtual catchments."""

import hashlib
import io
import shutil
import zipfile
from pathlib import Path

import yaml

from randvec.data.virtual.layout import ATTRIBUTE_FILES
from randvec.data.virtual.write import write_catchments

ARCHIVE = "basin_timeseries_v1p2_metForcing_obsFlow.zip"
MAURER = "maurer_extended.zip"
HYDRO = "camels_hydro.txt"  # which virtual catchments lack, as nothing reads it
ATTRIBUTES = sorted([HYDRO, *(f"camels_{kind}.txt" for kind in ATTRIBUTE_FILES)])
BASINS = 3
ENDINGS = {"daymet": "cida", "maurer": "maurer", "nldas": "nldas"}


def publish(folder: Path) -> dict[str, bytes]:
    """What the two sources give out: the big archive, the attributes, the extended forcing.

    The archives have folders around the official ones, and files that nobody needs.
    """
    camels = folder / "published"
    write_catchments(str(camels), basins=BASINS, seed=1, first="1990-10-01", last="1992-09-30")
    forcing = sorted((camels / "basin_mean_forcing/maurer_extended").rglob("*.txt"))
    flow = sorted((camels / "usgs_streamflow").rglob("*.txt"))
    top = "basin_dataset_public_v1p2"
    public = {f"{top}/usgs_streamflow/{p.parent.name}/{p.name}": p.read_bytes() for p in flow}
    for name, ending in ENDINGS.items():
        for path in forcing:
            here = path.name.replace("maurer", ending)
            public[f"{top}/basin_mean_forcing/{name}/{path.parent.name}/{here}"] = path.read_bytes()
    public[f"{top}/model_output_daymet/model_output/flow_timeseries/01/output.txt"] = b"not read\n"
    extended = {f"maurer_extended/{p.parent.name}/{p.name}": p.read_bytes() for p in forcing}
    extended[f"__MACOSX/maurer_extended/01/._{forcing[0].name}"] = b"left by a file manager"
    files = {ARCHIVE: zipped(public), MAURER: zipped(extended)}
    for path in (camels / "camels_attributes_v2.0").iterdir():
        files[path.name] = path.read_bytes()
    files[HYDRO] = b"gauge_id;q_mean\n01000001;1.0\n"
    shutil.rmtree(camels)
    return files


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def list_sources(path: Path, address: str, published: dict[str, bytes]) -> Path:
    """Write the list of sources that fits what is published at an address."""
    sections = yaml.safe_load(
        (Path(__file__).parents[1] / "config/sources/camels_us.yaml").read_text()
    )
    for section in sections.values():
        section["url"] = f"{address}/{{name}}"
        for file in section["files"]:
            content = published[file["name"]]
            file["disk_bytes"] = 10 * len(content)
            if "bytes" in file:
                file["bytes"] = len(content)
            for algorithm in file.get("checksums", {}):
                file["checksums"][algorithm] = hashlib.new(algorithm, content).hexdigest()
            file["holds"] = dict.fromkeys(file.get("holds", {}), BASINS)
    path.write_text(yaml.safe_dump(sections))
    return path
