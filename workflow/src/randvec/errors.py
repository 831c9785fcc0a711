"""The one error that users are meant to read."""


class InputError(ValueError):
    """Input that the pipeline refuses.

    The message names the file, the line or key, what was found, what was expected and what to do.
    """
