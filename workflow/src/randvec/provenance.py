"""Where a result came from: digests of code and files, versions, commit."""

import ast
import hashlib
import importlib.metadata
import platform
import subprocess
from pathlib import Path

SOURCE = Path(__file__).parent
PACKAGES = ("torch", "numpy", "pandas", "pyarrow", "safetensors", "scipy", "snakemake")


def code_digest(*modules: str) -> str:
    """Digest of the sources of some modules of this package and of all that they import from it.

    A rule that carries the digest among its parameters runs again when, and only when, the code
    that it depends on changes. Files named ``__init__.py`` are left out: they hold registries, and
    a new line in a registry changes no result.

    Parameters
    ----------
    *modules : str
        Dotted names, for example ``randvec.vectors``.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in sorted(_with_imports(modules)):
        digest.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def file_digest(path: str | Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that results depend on."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES if _installed(name)}
    return {"python": platform.python_version(), **found}


def git_commit() -> str | None:
    """Commit of the checkout, with ``-modified`` where tracked files differ from it, or None."""
    command = ["git", "-C", str(SOURCE), "describe", "--always", "--abbrev=40", "--dirty=-modified"]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return shown.stdout.strip()


def _with_imports(modules: tuple[str, ...]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(modules)
    while waiting:
        path = _source_of(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def _source_of(module: str) -> Path | None:
    package, *parts = module.split(".")
    path = SOURCE.joinpath(*parts).with_suffix(".py")
    return path if package == SOURCE.name and parts and path.is_file() else None


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
