"""The real files of CAMELS-CH and CAMELS-DE, where they are at hand."""

import re
from pathlib import Path

import numpy as np
import pytest

from randvec.data import camels_ch, camels_de
from randvec.data.basin_list import read_ids
from randvec.data.camels_ch import CamelsCH
from randvec.data.camels_de import CamelsDE

pytestmark = pytest.mark.camels

REPOSITORY = Path(__file__).parents[2]
LIST = REPOSITORY / "config/basins/switzerland.txt"


@pytest.fixture(scope="module")
def ch(other_basins):
    descriptors = {**camels_ch.DESCRIPTORS, "people": ["dens_inhabitants"]}
    folder = str(other_basins("camels_ch"))
    return CamelsCH({"folder": folder, "forcings": camels_ch.FORCINGS, "descriptors": descriptors})


@pytest.fixture(scope="module")
def de(other_basins):
    folder = str(other_basins("camels_de", "camels_de_10"))
    forcings, descriptors = camels_de.FORCINGS, camels_de.DESCRIPTORS
    return CamelsDE({"folder": folder, "forcings": forcings, "descriptors": descriptors})


def test_all_swiss_basins_are_read(ch):
    table = ch.attributes().set_index("basin")
    records = {basin: ch.record(basin) for basin in table.index}
    assert len(records) == 331 and len(ch.basins()) == 298
    days = {basin: record.days for basin, record in records.items()}
    assert all(
        len(one) == 14610 and str(one["date"].iloc[-1].date()) == "2020-12-31"
        for one in days.values()
    )
    assert all(records[basin].area == table.loc[basin, "area"] for basin in records)
    assert sum(one["discharge"].isna().all() for one in days.values()) == 41
    assert sum(days[basin]["precipitation"].isna().any() for basin in ch.basins()) == 11
    assert all((one["discharge"].dropna() >= 0).all() for one in days.values())
    noted = {basin: record.notes for basin, record in records.items() if record.notes}
    assert sorted(noted) == ["2327", "2446", "2447"]
    assert noted["2446"][1] == "discharge is negative on 1392 of 14610 days, taken for missing"
    assert noted["2447"][1] == "discharge is negative on 691 of 14610 days, taken for missing"


def test_the_swiss_list_has_complete_forcing_and_discharge(ch):
    listed = read_ids(LIST)
    assert listed == sorted(listed) and len(listed) == 163
    assert set(listed) <= set(ch.basins()) - camels_ch.DOUBTFUL.keys()
    assert not ch.attributes().set_index("basin").loc[listed].isna().any(axis=None)
    for basin in listed:
        days = ch.record(basin).days.set_index("date")
        forcing = days.loc["1989-10-01":"2020-09-30", list(camels_ch.FORCINGS)]
        assert forcing.notna().all(axis=None)
        assert days.loc["1990-10-01":"2020-09-30", "discharge"].isna().sum() <= 1


def test_the_code_in_the_docs_makes_the_swiss_list(other_basins, tmp_path, monkeypatch):
    text = (REPOSITORY / "docs/data.md").read_text(encoding="utf-8")
    code = re.search(r"^## CAMELS-CH\n.*?```python\n(.*?)```", text, re.M | re.S).group(1)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/camels_ch").symlink_to(other_basins("camels_ch"))
    (tmp_path / "config/basins").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    exec(code)
    assert (tmp_path / "config/basins/switzerland.txt").read_bytes() == LIST.read_bytes()


def test_german_basins_are_read(de):
    assert len(de.basins()) == 10
    table = de.attributes().set_index("basin")
    assert len(table) == 1582 and not table.isna().any(axis=None)
    for basin in de.basins():
        record = de.record(basin)
        assert len(record.days) == 25568 and record.area == table.loc[basin, "area"]
        assert not record.days.drop(columns="discharge").isna().any(axis=None)
        mean = record.days["discharge"].mean()
        assert 0.1 < mean < 5 and np.isfinite(mean)
