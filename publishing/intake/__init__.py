"""Intake: the only door for internal data. A source package in, typed and checked staged files out."""

from publishing.intake.declared import PackageMeta
from publishing.intake.errors import PackageRefused
from publishing.intake.package import SourcePackage, read_package
from publishing.intake.report import CheckReport, RuleCount, Violation

__all__ = [
    "CheckReport",
    "PackageMeta",
    "PackageRefused",
    "RuleCount",
    "SourcePackage",
    "Violation",
    "read_package",
]
