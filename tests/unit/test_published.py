import pandas as pd

from randvec.comparison.published import PUBLISHED, write_published
from randvec.matrix import MODELS


def test_each_row_names_its_source_its_settings_and_a_model_of_the_matrix():
    for row in PUBLISHED:
        assert "doi:" in row.source
        assert "531 basins" in row.settings and "epochs" in row.settings
        assert row.nearest_model in MODELS


def test_the_table_reads_back(tmp_path):
    write_published(tmp_path / "published.csv")
    table = pd.read_csv(tmp_path / "published.csv")
    assert table.loc[table["nearest_model"] == "EP", "nse_median"].item() == 0.741
    assert len(table) == len(PUBLISHED)


def test_an_ensemble_is_better_than_its_members():
    for row in PUBLISHED:
        assert row.nse_median > row.member_nse_median and row.nse_mean > row.member_nse_mean
