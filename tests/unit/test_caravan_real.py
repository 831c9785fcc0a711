"""Real files of Caravan: eight basins side by side, and the attributes of twelve sub-datasets."""

import numpy as np
import pandas as pd
import pytest

from randvec.data.caravan import DESCRIPTORS, Caravan
from randvec.data.caravan_attributes import read_attributes
from randvec.data.caravan_twins import find_twins
from randvec.errors import InputError

#: Basin: first and last day, days without discharge.
BASINS = {
    "camelsaus_102101A": ("1981-01-02", "2020-12-31", 3103),
    "camelsch_4001": ("1981-01-01", "2020-12-31", 2363),
    "camelsch_4003": ("1981-01-01", "2020-12-31", 600),
    "camelses_1414": ("1990-10-01", "2020-09-30", 2462),
    "camelslx_054": ("2000-01-02", "2022-12-30", 2190),
    "camelslx_055": ("2000-01-02", "2022-12-30", 2972),
    "hysets_01075000": ("1981-01-01", "2020-12-30", 8309),
    "lamah_1145": ("1981-01-02", "2020-12-31", 1095),
}


@pytest.fixture(scope="module")
def root(other_basins, tmp_path_factory):
    """Series of both kinds and all attributes in one folder."""
    pytest.importorskip("h5py")
    folder = tmp_path_factory.mktemp("caravan")
    (folder / "timeseries").mkdir()
    csv, netcdf = other_basins("caravan_csv"), other_basins("caravan_netcdf")
    (folder / "attributes").symlink_to(csv / "attributes")
    (folder / "timeseries/csv").symlink_to(csv / "timeseries/csv")
    (folder / "timeseries/netcdf").symlink_to(netcdf / "timeseries/netcdf")
    return folder


def test_eight_basins_of_six_sub_datasets(root):
    caravan = Caravan({"folder": str(root)})
    assert caravan.basins() == list(BASINS)
    for basin, (first, last, missing) in BASINS.items():
        record = caravan.record(basin)
        days = record.days
        assert (str(days["date"].iloc[0].date()), str(days["date"].iloc[-1].date())) == (
            first, last,
        )  # fmt: skip
        assert days["discharge"].isna().sum() == missing and record.notes == []
        assert not days.drop(columns="discharge").isna().any(axis=None) and record.area > 1
    table = caravan.attributes().set_index("basin")
    assert list(table.index[table.isna().any(axis=1)]) == ["hysets_01075000"]  # no hydroatlas file


def test_potential_evaporation_is_negative_on_some_days(root):
    caravan = Caravan({"folder": str(root), "forcings": ["potential_evaporation_sum"]})
    (note,) = caravan.record("hysets_01075000").notes
    assert note.startswith("potential_evaporation_sum is negative on ")


def test_attributes_with_the_new_names(other_basins):
    root = other_basins("caravan_netcdf") / "tutorial_8_basins_attributes"
    names = [name for group in DESCRIPTORS.values() for name in group]
    table = read_attributes(root, ["camels"], [*names, "aridity", "pet_mean_FAO_PM"])
    assert len(table) == 8 and not table.isna().any(axis=None)
    assert table.loc["camels_04115265", "aridity"] == 2.0878341  # that of ERA5-Land


def test_attributes_and_twins_of_all_sub_datasets(other_basins):
    root = other_basins("caravan_csv")
    subs = sorted(path.name for path in (root / "attributes").iterdir())
    table = read_attributes(root, subs, ["p_mean", "area", "gauge_lat", "gauge_lon"])
    assert len(table) == 14708 and len(subs) == 12 and not table.isna().any(axis=None)
    assert "GRDC_1159100" in table.index
    twins = find_twins(table.reset_index())
    assert len(twins) == 1446 and len(np.unique(twins)) == 2654
    subs = table["sub_dataset"]
    assert all(subs[one] != subs[other] for one, other in twins)
    with pytest.raises(InputError, match="no attribute file of grdc has a column ele_mt_sav"):
        read_attributes(root, ["grdc"], ["ele_mt_sav"])


def test_great_britain_and_its_neighbours_have_all_default_attributes(other_basins):
    root = other_basins("caravan_csv")
    names = [name for group in DESCRIPTORS.values() for name in group]
    for sub, basins in {"camelsgb": 408, "camels": 482, "lamah": 479}.items():
        table = read_attributes(root, [sub], names)
        assert len(table) == basins and not table.isna().any(axis=None)
        spread: pd.Series = table[names].std()
        assert (spread > 0).all(), spread[spread == 0]
