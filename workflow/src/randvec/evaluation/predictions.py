"""The file predictions.parquet of a member or an ensemble."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from randvec.errors import InputError

SCHEMA = pa.schema(
    [
        ("basin", pa.string()),
        ("date", pa.timestamp("ms")),
        ("observed", pa.float32()),
        ("simulated", pa.float32()),
    ]
)


def read_predictions(path: Path, basins: list[str] | None = None) -> pd.DataFrame:
    """Read predictions.parquet, of all basins or some.

    Parameters
    ----------
    path : Path
        File of a member or an ensemble.
    basins : list of str, optional
        Basins to read; all by default.

    Returns
    -------
    pd.DataFrame
        Columns basin (text), date (datetime64), observed, simulated (mm/day, float32).

    Raises
    ------
    InputError
        If the file is missing or lacks a column.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(
            f"{path}: no such file, expected the predictions of a member or ensemble: run the "
            "workflow for this file, or take its seed or model out of the config"
        )
    found = pq.read_schema(path).names
    if missing := [name for name in SCHEMA.names if name not in found]:
        raise InputError(
            f"{path}: columns {', '.join(found)}, expected also {', '.join(missing)}: delete the "
            "file and let the workflow make it again"
        )
    filters = None if basins is None else pc.field("basin").isin(pa.array(basins, pa.string()))
    return pq.read_table(path, columns=SCHEMA.names, filters=filters).to_pandas()


def write_predictions(predictions: pd.DataFrame, path: Path) -> None:
    """Write predictions.parquet: the same table always gives the same bytes.

    A column ``spread`` [mm/day], the standard deviation of members, is written too if it is there.
    """
    schema = SCHEMA.append(pa.field("spread", pa.float32())) if "spread" in predictions else SCHEMA
    table = pa.Table.from_pandas(predictions, schema=schema, preserve_index=False)
    pq.write_table(table.replace_schema_metadata(None), path, compression="zstd")
