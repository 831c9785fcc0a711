"""Snakemake's storage plugin for HTTP, with what the downloads of CAMELS need besides.

The one module of the package that needs Snakemake. The plugin alone (0.3.1) sends a request for
each file at every plan, takes the page that comes with an error for the file, waits for a silent
server without end, tries once, starts from zero after an interruption, and takes the piece that a
killed run left for the whole.
"""

from pathlib import Path

import snakemake_storage_plugin_http as http

from randvec.data.fetch_download import download
from randvec.data.fetch_sources import File


class StorageObject(http.StorageObject):
    """One of the files that `prepare_storage` was told about."""

    def local_path(self) -> Path:
        return self.provider.folder / self._file.name

    async def inventory(self, cache) -> None:
        """No request before the file is needed: it is published, under this name, for good."""

    def exists(self) -> bool:
        return True

    def mtime(self) -> float:
        return 0.0  # never newer than the file that was fetched

    def size(self) -> int:
        return self._file.bytes or 0

    def retrieve_object(self) -> None:
        settings = self.provider.settings
        download(
            self.query,
            self.local_path(),
            self._file.bytes,
            say=self.provider.logger.info,
            auth=settings.auth,
            allow_redirects=settings.allow_redirects,
        )

    @property
    def _file(self) -> File:
        return self.provider.files[self.query]


def prepare_storage(storage, files: list[File], folder: Path) -> None:
    """Let ``storage.http(file.url)`` bring these files into a folder.

    Parameters
    ----------
    storage : snakemake.storage.StorageRegistry
        The object of that name in a Snakefile.
    files : list of File
    folder : Path
    """
    provider = storage.register_storage("http")
    provider.files = {file.url: file for file in files}
    provider.folder = folder
    provider.get_storage_object_cls = lambda: StorageObject
