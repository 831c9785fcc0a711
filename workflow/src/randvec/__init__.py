"""What static catchment information buys a rainfall-runoff network (Li et al. 2022)."""


def __getattr__(name: str):
    """Load `randvec.trained.load` when it is first asked for: it brings torch, which takes long."""
    if name == "load":
        from randvec.trained import load

        return load
    raise AttributeError(f"module 'randvec' has no attribute '{name}'")
