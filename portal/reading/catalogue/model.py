"""The catalogue as one value: datasets, their versions and files, who publishes them and under which terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from publishing.specs import DatasetSpec


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers for the site, as configured: nothing here comes from a request.

    `contact` is a `mailto:` or web address, or empty. `licence_url` is where the terms of use stand.
    """

    base_url: str
    contact: str
    licence_url: str
    ocid_prefix: str

    def address(self, path: str) -> str:
        """The absolute address of a path of this site."""
        return self.base_url + path

    @property
    def terms_url(self) -> str:
        """Where the terms of use can be read: as configured, else on the page of datasets."""
        return self.licence_url or self.address("/datasets#terms")


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day that data are about."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Box:
    """The smallest box around the centres of all regions, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def polygon(self) -> str:
        """The box as well-known text."""
        west, south, east, north = self.west, self.south, self.east, self.north
        return f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"

    @property
    def centre(self) -> str:
        """Its middle as well-known text."""
        return f"POINT({round((self.west + self.east) / 2, 6)} {round((self.south + self.north) / 2, 6)})"


@dataclass(frozen=True, slots=True)
class Area:
    """The place the release is about: code and name of the topmost region; no box when nothing has coordinates."""

    code: str
    name: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file of a dataset in one release: the bytes at its address never change."""

    format: str
    label: str
    media_type: str
    path: str
    size: int
    sha256: str

    @property
    def bare_media_type(self) -> str:
        """The media type without parameters."""
        return self.media_type.partition(";")[0].strip()


@dataclass(frozen=True, slots=True)
class Version:
    """A dataset in one release. `digest` is that of its canonical rows; `previous` the number of the version before."""

    spec: DatasetSpec
    number: int
    release_id: str
    digest: str
    rows: int
    issued: datetime
    as_of: date
    period: Period
    note: str
    distributions: tuple[Distribution, ...]
    previous: int | None

    @property
    def path(self) -> str:
        """Its page, which stays for ever."""
        return f"/datasets/{self.spec.name}@{self.number}"

    def distribution(self, file_format: str) -> Distribution | None:
        """The file of that format, if there is one."""
        return next((found for found in self.distributions if found.format == file_format), None)


@dataclass(frozen=True, slots=True)
class Series:
    """A dataset through all releases that stand, newest first."""

    name: str
    versions: tuple[Version, ...]

    @property
    def path(self) -> str:
        """The page that always shows the newest version."""
        return f"/datasets/{self.name}"

    @property
    def newest(self) -> Version:
        """The newest version."""
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything published, as machines are told. `series` holds only datasets of the current release."""

    identity: Identity
    title: str
    publisher: str
    is_fictional: bool
    currency: str
    area: Area
    issued: datetime
    modified: datetime
    series: tuple[Series, ...]

    def description(self, version: Version) -> str:
        """What a dataset is, for people who find it somewhere else."""
        spec = version.spec
        sentences = [
            f"每一行是：{spec.grain}。",
            spec.description,
            f"数据截至 {version.as_of.isoformat()}，{version.rows:,} 行。",
            "未公布的数为空，原因见同名的状态列。" if spec.protected else "",
            "虚构的演示数据。" if self.is_fictional else "",
        ]
        return "".join(sentence for sentence in sentences if sentence)
