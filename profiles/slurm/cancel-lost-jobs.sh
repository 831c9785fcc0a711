#!/bin/sh
# Cancels what a killed snakemake left in SLURM, and waits until it is gone.
# To be run where that snakemake ran, and only when none runs there any more.
set -eu

runs=$(sed -n 's/^SLURM run ID: //p' .snakemake/log/*.snakemake.log 2> /dev/null || true)

if [ -z "$runs" ]; then
    echo "no snakemake was started here that used SLURM" >&2
    exit 1
fi

cancel() {
    for run in $runs; do
        scancel --name "$run"
    done
}

cancel
sleep 3  # a submission that was under way may arrive after the first look
cancel
while [ -n "$(squeue --noheader --name "$(echo $runs | tr ' ' ,)")" ]; do
    sleep 1
done
