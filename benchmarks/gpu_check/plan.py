"""What is compared and measured, in the order of its worth: time may end before it is through."""

from collections.abc import Iterator
from itertools import product

from benchmarks.cases import ARCHITECTURES, ONE_HOT, PHYSICAL
from benchmarks.gpu_check.sizes import Size
from randvec.models.recurrence import FORMS, FORMS_OF_SEVERAL

MEMBERS = 5
#: Long static vectors of the paper, whose columns cuDNN multiplies anew on every day.
LONG = {"ea_lstm": 256, "ct_lstm": ONE_HOT}
#: Numbers to multiply in; TF32 is nothing to a CPU.
PRECISIONS = {"cuda": ("float32", "tf32", "bf16"), "cpu": ("float32", "bf16")}


def networks(size: Size) -> Iterator[tuple[str, int]]:
    """Architectures with one predicted day and with many."""
    return product(ARCHITECTURES, (size.to_one[1], size.to_many[1]))


def compared(size: Size) -> Iterator[dict]:
    """Every network, and two smaller ones."""
    for architecture, days in networks(size):
        yield {"architecture": architecture, "predicted_days": days, "hidden": size.hidden}
    for hidden in (size.small, size.middle):
        yield {"architecture": "ea_lstm", "predicted_days": size.to_many[1], "hidden": hidden}


def comparisons(device: str) -> Iterator[dict]:
    """For one member and several: all forms in float64 and float32, then the other precisions."""
    for members in (1, MEMBERS):
        for form, precision in product(_forms(members, device), ("float64", "float32")):
            yield {"members": members, "form": form, "precision": precision}
        for precision in PRECISIONS[device][1:]:
            form = _form(members, device, precision)
            yield {"members": members, "form": form, "precision": precision}


def trainings(size: Size) -> list[dict]:
    """One member and several of each network."""
    return [
        {
            "architecture": architecture,
            "static_size": PHYSICAL,
            "predicted_days": days,
            "members": members,
        }
        for members in (1, MEMBERS)
        for architecture, days in networks(size)
    ]


def repeated(size: Size) -> list[dict]:
    """Several members side by side, where an order that is not fixed would show."""
    return [
        case
        for case in trainings(size)
        if case["architecture"] == "ea_lstm" and case["members"] == MEMBERS
    ]


def speeds(size: Size, device: str) -> Iterator[dict]:
    """The forms in use, others of several members, then what else there is to measure."""
    cases = [
        case | {"batch_size": size.case(case["architecture"], case["predicted_days"]).batch}
        for case in trainings(size)
    ]
    plain = {"precision": "float32", "form": "plain"}
    long, others = [], []
    for case in cases:
        used, *rest = _forms(case["members"], device)
        in_use = case | {"precision": "float32", "form": used}
        yield in_use
        if case["predicted_days"] == size.to_one[1] and case["architecture"] in LONG:
            long.append(in_use | {"static_size": LONG[case["architecture"]]})
        others += [case | {"precision": "float32", "form": form} for form in rest]
    yield from (case for case in others if case["members"] > 1 and case["form"] != "plain")
    yield from long
    for case in cases:
        if case["predicted_days"] == size.to_many[1]:
            form = _form(case["members"], device, "float32")
            for batch_size in size.batches_to_many[1:]:
                yield case | {"precision": "float32", "form": form, "batch_size": batch_size}
    for precision, case in product(PRECISIONS[device][1:], cases):
        yield case | {"precision": precision, "form": _form(case["members"], device, precision)}
    yield from (case for case in others if case["members"] == 1 and case["form"] != "plain")
    yield from (case | plain for case in cases)


def _forms(members: int, device: str) -> list[str]:
    """All forms that run there, the one in use first."""
    used = (FORMS if members == 1 else FORMS_OF_SEVERAL)[device]
    return list(dict.fromkeys([used, "cudnn", "fast", "plain"]))


def _form(members: int, device: str, precision: str) -> str:
    """The form in use; bf16 is plain on a CPU."""
    return "plain" if (device, precision) == ("cpu", "bf16") else _forms(members, device)[0]
