"""Which members share a job, and what the job is called."""

from types import SimpleNamespace

import pytest

from randvec import scenarios
from randvec.jobs import Job, job_name, jobs, seeds_of


def test_alone_each_member_has_a_job_whatever_its_scenario():
    names = ["full", "vectors-2", "noise-0.5"]
    (job,) = jobs([1, 2, 30], names, together=False)
    assert job == Job(None, tuple(names))
    assert job.each == ["{seed}"] and job.name == "seed{seed}"
    assert job.seeds_of(SimpleNamespace(seed="30")) == [30]


def test_together_all_members_of_a_model_share_a_job():
    (job,) = jobs([1, 2, 30], ["full", "noise-0.5"], together=True)
    assert job == Job((1, 2, 30), ("full", "noise-0.5"))
    assert job.each == ["1", "2", "30"] and job.name == "seed1_2_30"
    assert job.seeds_of(SimpleNamespace(scenario="full", model="EP")) == [1, 2, 30]


def test_only_members_that_a_scenario_trains_itself_share_a_job_there():
    names = ["full", "vectors-2", "vectors-9", "vectors-3", "years-1"]
    assert jobs([1, 2, 3], names, together=True) == [
        Job((1, 2, 3), ("full", "vectors-9", "years-1")),
        Job((1, 3), ("vectors-2",)),
        Job((1, 2), ("vectors-3",)),
    ]


def test_a_scenario_that_trains_no_member_itself_has_no_job():
    assert jobs([2], ["full", "vectors-2"], together=True) == [Job((2,), ("full",))]
    assert jobs([1, 2], ["full", "vectors-2"], together=True) == [
        Job((1, 2), ("full",)),
        Job((1,), ("vectors-2",)),
    ]


@pytest.mark.parametrize("together", [True, False])
def test_every_member_is_trained_by_exactly_one_job(together):
    seeds = [1, 2, 3]
    names = ["full", "vectors-1", "vectors-2", "vectors-3", "vectors-4", "basins-2-s1"]
    found = jobs(seeds, names, together)
    trained = [
        (name, seed) for job in found for name in job.scenarios for seed in job.seeds or seeds
    ]
    assert len(set(trained)) == len(trained)
    needed = {
        (scenarios.trained_under(scenarios.parse(name), seed), seed)
        for name in names
        for seed in seeds
    }
    # Alone the same rule trains a member under any scenario that asks for it.
    assert set(trained) == needed if together else set(trained) > needed


def test_the_name_of_a_job_has_its_seeds():
    for seeds in ([3], [1, 2, 30]):
        assert seeds_of(job_name(seeds)) == seeds
