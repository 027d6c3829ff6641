"""Every table of every area, loaded into one MetaData."""

import importlib
import pkgutil

from dingdan import areas
from dingdan.plumbing import tables as _pipes  # noqa: F401 - registers its tables
from dingdan.plumbing.schema import metadata

for _module in pkgutil.iter_modules(areas.__path__):
    try:
        importlib.import_module(f"dingdan.areas.{_module.name}.tables")
    except ModuleNotFoundError as error:
        if error.name != f"dingdan.areas.{_module.name}.tables":
            raise

__all__ = ["metadata"]
