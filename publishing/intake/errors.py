"""The refusal of a source package."""

from __future__ import annotations

from publishing.errors import PublishingError
from publishing.intake.report import CheckReport


class PackageRefused(PublishingError):
    """The source package breaks rules of severity *error*; `report` tells all of them. Nothing was written."""

    def __init__(self, report: CheckReport) -> None:
        first = next((str(v) for v in report.violations), "")
        super().__init__(f"the package was refused: {report.error_count} errors. First: {first}")
        self.report = report
