"""Foreign files to a source package, as one reviewed TOML file says: see docs in `model`."""

from publishing.intake.mapping.model import Mapping
from publishing.intake.mapping.reading import read_mapping
from publishing.intake.mapping.run import ImportReport, import_files

__all__ = ["ImportReport", "Mapping", "import_files", "read_mapping"]
