"""Pictures people attach: recognised by their content, decoded within limits, and written anew by us.

Nothing of the file that came in survives but its pixels: no EXIF, no place, no comments, nothing behind the end.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlmodel import Session, col, func, select

from portal.writing.acting import Subject, Whereabouts, Work
from portal.writing.cases import is_lookup_code, locked_case, locked_case_of_asker, may_see
from portal.writing.errors import NotThere, PictureRefused, WrongOrder
from portal.writing.models import Case, Picture
from portal.writing.models.words import Audience, Status
from portal.writing.permissions import Row, allows

LARGEST_FILE = 8_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2_400
MOST_PICTURES = 6
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture as we write it: `content` is JPEG, or PNG where the source had transparency."""

    media_type: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class PictureOut:
    """A picture of a case; its content is read apart."""

    id: int
    media_type: str
    width: int
    height: int
    audience: Audience


def clean_picture(content: bytes) -> CleanPicture:
    """Decode and write anew. Slow: call from a thread. Raises: PictureRefused, saying what to do."""
    if len(content) > LARGEST_FILE:
        raise PictureRefused(f"图片最大 {LARGEST_FILE // 1_000_000} MB，请压缩后再传。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                _check_size(opened)
                return _written_anew(opened)
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise PictureRefused("这个文件不是 JPEG、PNG 或 WebP 图片（按内容判断，与扩展名无关）。") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureRefused("图片已损坏，无法读取。请重新拍摄或另存后再传。") from error


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise PictureRefused(f"图片有 {width}×{height} 个像素，太大了。请缩小后再传。")


def _written_anew(opened: Image.Image) -> CleanPicture:
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    pixels = upright.convert("RGBA" if has_alpha else "RGB")
    bare = Image.new(pixels.mode, pixels.size)  # a new image: nothing of the old one's metadata
    bare.paste(pixels)
    written = io.BytesIO()
    if has_alpha:
        bare.save(written, "PNG", optimize=False)
    else:
        bare.save(written, "JPEG", quality=85)
    media_type = "image/png" if has_alpha else "image/jpeg"
    return CleanPicture(media_type, bare.width, bare.height, written.getvalue())


def attach(work: Work, number: str, picture: CleanPicture, lookup_code: str | None = None) -> int:
    """The asker adds a picture to a case that is not answered yet. Only the office sees it until it is shown."""
    case = locked_case_of_asker(work, number, "supplement", lookup_code)
    if case.status not in {Status.RECEIVED, Status.ASSIGNED, Status.WORKING, Status.PAUSED}:
        raise WrongOrder("此件已在审核或办结，不能再加图片。")
    count = work.session.exec(select(func.count()).where(col(Picture.case_id) == case.id)).one()
    if count >= MOST_PICTURES:
        raise PictureRefused(f"每件最多 {MOST_PICTURES} 张图片。")
    row = Picture(
        case_id=case.id or 0,
        digest=hashlib.sha256(picture.content).hexdigest(),
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        content=picture.content,
        added_at=work.acting.at,
    )
    work.session.add(row)
    work.session.flush()
    work.tell("case.picture", "case", number)
    return row.id or 0


def show_picture(work: Work, number: str, picture_id: int) -> None:
    """Triage looked at the picture: everyone may see it."""
    case = locked_case(work, number, "triage")
    row = work.session.get(Picture, picture_id)
    if row is None or row.case_id != case.id:
        raise NotThere
    row.audience = Audience.EVERYONE
    work.session.add(row)
    work.tell("case.picture_shown", "case", number)


def list_pictures(
    session: Session, number: str, subject: Subject, lookup_code: str | None = None
) -> tuple[PictureOut, ...]:
    """Pictures of a case that this reader may see; the one who asked, by the lookup code, sees them all."""
    case, is_asker = _case_for(session, number, subject, lookup_code)
    rows = session.exec(select(Picture).where(col(Picture.case_id) == case.id).order_by(col(Picture.id)))
    return tuple(
        PictureOut(row.id or 0, row.media_type, row.width, row.height, Audience(row.audience))
        for row in rows
        if is_asker or _may_see(case, row, subject)
    )


def read_picture(
    session: Session, number: str, picture_id: int, subject: Subject, lookup_code: str | None = None
) -> CleanPicture:
    """One picture with its content. Raises: NotThere, also for one that is not shown to this reader."""
    case, is_asker = _case_for(session, number, subject, lookup_code)
    row = session.get(Picture, picture_id)
    if row is None or row.case_id != case.id or not (is_asker or _may_see(case, row, subject)):
        raise NotThere
    return CleanPicture(row.media_type, row.width, row.height, row.content)


def _case_for(session: Session, number: str, subject: Subject, code: str | None) -> tuple[Case, bool]:
    """The case, and whether this reader is the one who asked."""
    if code is None:
        return may_see(session, subject, number), False
    case = session.exec(select(Case).where(col(Case.number) == number)).one_or_none()
    if case is None or not is_lookup_code(case, code):
        raise NotThere
    return case, True


def _may_see(case: Case, picture: Picture, subject: Subject) -> bool:
    if picture.audience == Audience.EVERYONE and case.is_listed:
        return True
    where = Whereabouts(case.unit_id, case.sector, case.region_path)
    return allows(subject, "case", "read", Row(where, case.asker_id), "pictures")
