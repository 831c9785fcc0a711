"""What a message says of a name that is not known."""

from randvec.errors import SHOWN, meant


def test_the_nearest_name_or_all():
    assert meant("hiden", ["hidden", "epochs"], "training.") == "did you mean 'training.hidden'?"
    assert meant("x", ["hidden", "epochs"], "training.") == "there are hidden, epochs"
    assert meant("ungauged", {"full": 1, "ungauged_basins": 2}) == "did you mean 'ungauged_basins'?"


def test_no_message_lists_hundreds_of_names():
    said = meant("x", [f"column_{number}" for number in range(SHOWN + 200)])
    assert said.endswith(f"column_{SHOWN - 1}, and 200 more") and said.count(",") == SHOWN
