from script_log import open_log

from randvec.data.made_from import write_made_from
from randvec.data.prepare import prepare, write
from randvec.data.series import SeriesWriter
from randvec.data.sources import reader
from randvec.draws import check_draws
from randvec.series_check import check_series

# Where new processes start afresh (macOS), each of those that read files imports this script.
if __name__ == "__main__":
    open_log(snakemake.log[0])
    dataset = snakemake.params.dataset
    with SeriesWriter(snakemake.output.series) as series:
        prepared = prepare(
            reader(dataset),
            series.add,
            descriptors=dataset["descriptors"],
            periods=snakemake.params.periods,
            sequence_length=snakemake.params.sequence_length,
            incomplete=dataset["incomplete_basins"],
            workers=snakemake.threads,
            listed=dataset.get("basins", "dataset"),
        )
        used = list(prepared.descriptors["basin"])
        check_draws(snakemake.params.parts, used, len(prepared.basins))
        tables = snakemake.output
        write(prepared, tables.descriptors, tables.basins, tables.used_basins)
    check_series(snakemake.params.parts, snakemake.params.periods, snakemake.output.series)
    write_made_from(snakemake.params.made_from, snakemake.output.made_from)
