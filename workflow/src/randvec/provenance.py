"""Where a result came from: digests of code and files, versions, commit."""

import ast
import hashlib
import importlib.metadata
import logging
import os
import platform
import subprocess
from functools import cache
from pathlib import Path

from randvec.errors import InputError

SOURCE = Path(__file__).parent
PACKAGES = ("torch", "numpy", "pandas", "pyarrow", "safetensors", "scipy", "snakemake")
#: Environment variables that would have Git look at another repository than the one around it.
OF_A_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE",
                   "GIT_OBJECT_DIRECTORY")  # fmt: skip

logger = logging.getLogger(__name__)


def code_digest(*modules: str, records: str = "") -> str:
    """Digest of the sources of some modules of this package and of all that they import from it.

    A rule that carries the digest among its parameters runs again when, and only when, the code
    that it depends on changes. Files named ``__init__.py`` are left out: they hold registries, and
    a new line in a registry changes no result.

    Parameters
    ----------
    *modules : str
        Dotted names, for example ``randvec.training.member``.
    records : str
        Entries of registries that the code reads, as they print.

    Returns
    -------
    str
        Sixteen hexadecimal digits.

    Raises
    ------
    InputError
        If there is no source of a module, as of one that is registered under another name.
    """
    if missing := [module for module in modules if _source_of(module) is None]:
        raise InputError(
            f"there is no source of {missing[0]}, which a registry names (ARCHITECTURES, VECTORS, "
            "FIGURES, KINDS, SOURCES or PAGES); expected a file of this name in workflow/src"
        )
    digest = hashlib.sha256()
    for path in sorted(_with_imports(modules)):
        digest.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update(records.encode())
    return digest.hexdigest()[:16]


def file_digest(path: str | Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that results depend on."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES if _installed(name)}
    return {"python": platform.python_version(), **found}


def git_commit() -> str:
    """Commit of the checkout that the sources of this package belong to.

    Returns
    -------
    str
        All digits of the commit, whatever tags it has, with ``-modified`` where tracked files
        differ from it, but for profiles and configurations. ``unknown``, and the reason in the
        log, where it can't be told: without Git, outside a checkout, within a repository that has
        no commit of these sources, and in a checkout of another user that Git does not trust.
    """
    try:
        commit = _git("rev-parse", "--verify", "HEAD")
        # An export or an installation may lie inside of a repository that it is no part of.
        if not _git("ls-tree", "HEAD", Path(__file__).name):
            raise OSError(f"commit {commit} of the repository around {SOURCE} does not hold it")
        # Profiles and configurations are there to be adapted.
        counted = ":(top)", ":(top,exclude)profiles", ":(top,exclude)config"
        modified = _git("status", "--porcelain", "--untracked-files=no", "--", *counted)
    except (OSError, subprocess.SubprocessError) as error:
        reason = getattr(error, "stderr", None) or str(error)
        logger.warning("the git commit is unknown: %s", " ".join(reason.split()))
        return "unknown"
    return f"{commit}-modified" if modified else commit


def _git(*arguments: str) -> str:
    # In a hook of Git the environment names that hook's repository.
    environment = {key: value for key, value in os.environ.items() if key not in OF_A_REPOSITORY}
    shown = subprocess.run(
        ["git", "--no-optional-locks", *arguments],
        cwd=SOURCE,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=30,
        check=True,
    )
    return shown.stdout.strip()


def _with_imports(modules: tuple[str, ...]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(modules)
    while waiting:
        path = _source_of(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        waiting += _imports(path.read_text(encoding="utf-8"))
    return found


@cache  # the rules ask for every member, always of the same few files
def _imports(source: str) -> list[str]:
    """Dotted names of all that a source imports, and may import where a name is not a module's."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
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
