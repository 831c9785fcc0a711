"""The check of a GPU notices what it is there to notice; the whole of it is run in workflow/."""

import subprocess

import pandas as pd
import psutil
import pytest
import torch
from device_reads import Reads

from benchmarks.cases import ARCHITECTURES, PHYSICAL
from benchmarks.gpu_check import __main__ as command
from benchmarks.gpu_check import plan, runs
from benchmarks.gpu_check.agreement import Agreement, in_form
from benchmarks.gpu_check.record import FAILS, HOLDS, MEASURED, NO_ROOM, SKIPPED, Record
from benchmarks.gpu_check.sizes import FULL, REDUCED
from benchmarks.gpu_check.speed import WAITS, Speed, made_up_series
from randvec.models import recurrence
from randvec.models.recurrence import FORMS, FORMS_OF_SEVERAL
from randvec.training.adam import Adam
from randvec.training.loop import LOOK_EVERY
from randvec.training.windows import Windows

ABOUT = dict.fromkeys(command.ABOUT, "x")


@pytest.fixture(scope="module")
def speed():
    found = Speed(REDUCED, "cpu")
    found.product(precision="float32")
    return found


def results(record):
    return [row["result"] for row in record.rows]


# The table


def test_values_are_judged_by_their_limits_and_errors_are_rows(tmp_path):
    record = Record(tmp_path / "folder", ABOUT | {"commit": "abc"}, "Reduced.", 1e9)

    def broken(**case):
        raise RuntimeError("no kernel\nfor this device")

    found = {
        "error": (0.5, 1.0),
        "files": (2, 0),
        "seconds": (7.0, None),
        "none": (float("nan"), 1),
    }
    record.attempt("part", lambda **case: found, architecture="ea_lstm", members=5)
    record.attempt("part", broken, architecture="ct_lstm", members=1)
    assert results(record)[:4] == [HOLDS, FAILS, MEASURED, FAILS]
    assert results(record)[4] == f"{FAILS}: RuntimeError: for this device"
    assert len(record.failed) == 3
    page = tmp_path / "folder/gpu_check.md"
    assert "**Not finished.**" in page.read_text()
    record.write(finished=True)
    assert "Not finished" not in page.read_text()
    table = pd.read_csv(tmp_path / "folder/gpu_check.csv")
    assert table["result"].tolist() == results(record)
    assert set(table["commit"]) == {"abc"} and table["members"].tolist() == [5, 5, 5, 5, 1]
    text = (tmp_path / "folder/gpu_check.md").read_text()
    assert "| ea_lstm | 5 | files | 2 | 0 | FAILS |" in text and "Reduced." in text
    assert "predicted_days" not in text  # nothing has any


def test_what_there_was_no_time_for_is_said_and_fails_where_it_would_be_judged(tmp_path):
    record = Record(tmp_path, ABOUT, "", -1)
    record.attempt("speed", lambda **case: pytest.fail("it was started"), form="fast")
    assert results(record) == [SKIPPED] and not record.failed
    record.attempt("agreement", lambda **case: pytest.fail("it was started"), form="fast")
    assert [row["part"] for row in record.failed] == ["agreement"]
    assert f"| fast | {SKIPPED} |" in (tmp_path / "gpu_check.md").read_text()


def test_what_does_not_fit_into_memory_fails_where_it_would_be_judged(tmp_path):
    def full(**case):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 8 GiB")

    record = Record(tmp_path, ABOUT, "", 1e9)
    record.attempt("speed", full, form="plain")
    assert results(record) == [NO_ROOM] and not record.failed
    record.attempt("batches repeated", full, form="plain")
    assert [row["part"] for row in record.failed] == ["batches repeated"]


def test_a_check_that_was_interrupted_says_that_it_is_not_finished(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", lambda *_: None)
    monkeypatch.setattr(command, "compare", interrupted)
    with pytest.raises(KeyboardInterrupt):
        command.main(tmp_path)
    assert "**Not finished.**" in (tmp_path / "gpu_check.md").read_text()


@pytest.mark.parametrize("gradients", [True, False])
def test_a_later_member_without_numbers_fails_in_training_and_in_simulation(monkeypatch, gradients):
    agreement = Agreement(REDUCED.case("ea_lstm", 1), REDUCED.compared, 2)
    given = {"members": 2, "form": "plain", "precision": "float64"}
    assert all(value <= limit for value, limit in agreement.errors("cpu", **given).values())
    right = agreement.networks[0].__class__.forward

    def wrong(network, *args, **kwargs):
        output = right(network, *args, **kwargs)
        if torch.is_grad_enabled() == gradients:
            output = torch.cat([output[:, :1], output[:, 1:] * torch.nan], dim=1)
        return output

    monkeypatch.setattr(agreement.networks[0].__class__, "forward", wrong)
    value, limit = agreement.errors("cpu", **given)["error of the outputs"]
    assert not value <= limit


def test_a_failed_comparison_fails_the_command_after_all_was_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "run", lambda *_: None)
    monkeypatch.setattr(
        command, "compare", lambda record, *_: record.attempt("agreement", lambda: {"e": (2, 1)})
    )
    monkeypatch.setattr(
        command, "measure", lambda record, *_: record.attempt("speed", lambda: {"s": (1, None)})
    )
    assert command.main(tmp_path) == 1
    assert pd.read_csv(tmp_path / "gpu_check.csv")["result"].tolist() == [FAILS, MEASURED]
    said = capsys.readouterr()
    assert said.out.startswith("No GPU is at hand") and "failed: agreement" in said.err


# The comparisons


@pytest.mark.parametrize("days", [REDUCED.to_one[1], REDUCED.to_many[1]])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_wrong_form_is_noticed_in_outputs_or_gradients(architecture, days, monkeypatch):
    agreement = Agreement(REDUCED.case(architecture, days), 4, 2)
    given = {"members": 2, "form": "plain", "precision": "float64"}
    assert all(value < limit for value, limit in agreement.errors("cpu", **given).values())
    plain = recurrence.plain

    class Skewed(torch.autograd.Function):
        """Leaves what goes through as it is, and changes its gradient a little."""

        @staticmethod
        def forward(ctx, value):
            return value.clone()

        @staticmethod
        def backward(ctx, gradient):
            return gradient * (1 + 1e-5)

    def off_by_one(forcing, *others, **options):
        return plain(forcing.roll(1, 0), *others, **options)

    def skewed(forcing, weight, *others, **options):
        return plain(forcing, Skewed.apply(weight), *others, **options)

    for wrong, failing in ((off_by_one, 0), (skewed, 1)):
        monkeypatch.setattr(recurrence, "plain", wrong)
        errors = list(agreement.errors("cpu", **given).values())
        assert errors[failing][0] > errors[failing][1]


def test_members_that_are_mixed_up_are_noticed(monkeypatch):
    agreement = Agreement(REDUCED.case("ct_lstm", 1), 4, 2)
    by_member = recurrence._by_member
    monkeypatch.setattr(recurrence, "_by_member", lambda *given: reversed(list(by_member(*given))))
    errors = agreement.errors("cpu", members=2, form="cudnn", precision="float64")
    assert all(value > limit for value, limit in errors.values())


def test_other_precisions_are_measured_and_not_judged():
    agreement = Agreement(REDUCED.case("ea_lstm", 1), 4, 1)
    exact, rounded = (
        agreement.errors("cpu", members=1, form="cudnn", precision=precision)
        for precision in ("float32", "bf16")
    )
    assert all(limit is None for _, limit in rounded.values())
    assert all(rounded[name][0] > 10 * exact[name][0] for name in exact)


def test_a_form_is_used_only_inside():
    before = dict(FORMS), dict(FORMS_OF_SEVERAL)
    with in_form("plain", "cpu"):
        assert FORMS["cpu"] == FORMS_OF_SEVERAL["cpu"] == "plain"
    assert before == (FORMS, FORMS_OF_SEVERAL)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("size", [FULL, REDUCED])
def test_everything_that_is_asked_for_is_planned(size, device):
    forms = {1: {"fast", "cudnn", "plain"}, 5: {"fast", "cudnn", "plain"}}
    if device == "cuda":
        forms[5].add("streams")
    pairs = {(m, f, p) for m in forms for f in forms[m] for p in ("float64", "float32")}
    compared = {tuple(how.values()) for how in plan.comparisons(device)}
    assert pairs <= compared
    assert {how[2] for how in compared} - {"float64"} == set(plan.PRECISIONS[device])
    measured = list(plan.speeds(size, device))
    keys = ("architecture", "predicted_days", "members", "form", "precision", "batch_size")
    long = [case for case in measured if case["static_size"] != PHYSICAL]
    widths = {(case["architecture"], case["static_size"], case["members"]) for case in long}
    assert widths == {(*of, n) for of in (("ea_lstm", 256), ("ct_lstm", 531)) for n in (1, 5)}
    found = [tuple(case[key] for key in keys) for case in measured if case not in long]
    assert len(set(found)) == len(found)
    for architecture, days in plan.networks(size):
        for members, names in forms.items():
            assert {(architecture, days, members, form) for form in names} <= {
                case[:4] for case in found
            }
    many = size.to_many[1]
    assert {case[5] for case in found if case[1] == many} == set(size.batches_to_many)
    # What is in use comes first.
    used = {1: FORMS[device], 5: FORMS_OF_SEVERAL[device]}
    assert all(case[3] == used[case[2]] and case[4] == "float32" for case in found[:16])
    assert len(plan.trainings(size)) == 16
    assert [case["predicted_days"] for case in plan.repeated(size)] == [1, many]


def test_the_full_size_is_the_papers():
    cube = made_up_series(FULL)
    assert (len(cube.basins), len(cube.dates)) == (531, 3653)
    days = cube.days(*FULL.period)
    assert (days.stop - days.start) * 531 == 1_745_928
    case = FULL.case("ea_lstm", 1)
    assert (case.hidden, case.days, case.batch, case.predicted_days) == (256, 270, 256, 1)


# Speed


@pytest.mark.parametrize("members", [1, 2])
@pytest.mark.parametrize("days", [REDUCED.to_one[1], REDUCED.to_many[1]])
def test_an_epoch_is_scaled_from_some_of_its_batches(days, members, speed, monkeypatch):
    """With a clock that ticks once a batch."""
    batches = []
    seconds = Speed._seconds

    def ticks(self, work):
        before = len(batches)
        seconds(self, work)
        return len(batches) - before

    monkeypatch.setattr("randvec.training.loop.Adam.step", lambda *_: batches.append(1))
    monkeypatch.setattr(Speed, "_seconds", ticks)
    found = speed.epoch(
        architecture="ct_lstm", static_size=PHYSICAL, predicted_days=days, members=members,
        form="fast", precision="float32", batch_size=4 if days > 1 else 64,
    )  # fmt: skip
    updates = {1: 92, 20: 74}[days]  # 731 days of 8 basins, 64 or 80 days an update
    assert found["seconds an epoch"][0] == pytest.approx(updates, abs=0.5)
    assert found["batches measured"] == (1, None)
    assert len(batches) == 2 + 1 + 1


def test_the_share_is_that_of_the_measured_rate(speed):
    given = {"architecture": "ea_lstm", "static_size": 27, "predicted_days": 1, "members": 1}
    found = speed.epoch(**given, form="fast", precision="float32", batch_size=64)
    assert 0 < found["share of the rate of matrix products"][0] < 1.5
    assert "peak memory, GB" not in found  # that of the GPU


@pytest.mark.parametrize("members", [1, 5])
def test_the_host_reads_as_often_as_it_may_wait(members, speed, monkeypatch):
    monkeypatch.setitem(LOOK_EVERY, "cpu", LOOK_EVERY["cuda"])
    loop, few = speed._loop(REDUCED.case("fm_lstm", REDUCED.to_many[1]), members, "float32")
    few.count = 16
    with Reads() as reads:
        loop.train_epoch()
    assert reads.found == WAITS * ["tolist"]


@pytest.mark.parametrize("days", [REDUCED.to_one[1], REDUCED.to_many[1]])
def test_batches_that_do_not_repeat_are_noticed(days, speed, monkeypatch):
    (case,) = [case for case in plan.repeated(REDUCED) if case["predicted_days"] == days]
    assert [found[0] for found in speed.repeat(**case).values()] == [0, 0]
    draws = iter(range(1_000_000))
    step = Adam.step

    def unsteady(self, rate):
        step(self, rate * (1 + 1e-3 * next(draws)))

    monkeypatch.setattr(Adam, "step", unsteady)
    monkeypatch.setattr(Windows, "forcing_before", cut_anew(draws, Windows.forcing_before))
    weights, windows = speed.repeat(**case).values()
    assert weights[0] > 0 and windows == (1, 0)


def cut_anew(draws, cut):
    return lambda self, positions: cut(self, positions) + 1e-6 * next(draws)


# Runs


def test_what_runs_out_of_time_leaves_no_process_behind():
    asleep = "61.9177"
    code = f"import subprocess; subprocess.run(['sleep', '{asleep}'])"
    with pytest.raises(subprocess.TimeoutExpired):
        runs._python("timeit", "-n", "1", "-r", "1", code, timeout=3)
    assert not [p for p in psutil.process_iter(["cmdline"]) if asleep in (p.info["cmdline"] or [])]


def test_files_that_differ_or_are_missing_are_counted(tmp_path):
    members = tmp_path / "results/tiny/members/full/EP"
    for seed in ("seed1", "seed2"):
        for folder in (members / seed, tmp_path / "again/EP" / seed):
            folder.mkdir(parents=True)
            for name in ("weights.safetensors", "loss.csv", "settings.json"):
                (folder / name).write_text(name)
    assert runs._differing(tmp_path, "again", ["EP"]) == 0
    (tmp_path / "again/EP/seed2/loss.csv").write_text("other")
    (tmp_path / "again/EP/seed1/weights.safetensors").unlink()
    assert runs._differing(tmp_path, "again", ["EP"]) == 2
    assert runs._differing(tmp_path, "again", ["CP"]) == 1  # nothing to compare is no success
