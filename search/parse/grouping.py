"""Groups of places that the source defines: 北部山区, 某某都市圈. A group is one place, the sum of its members."""

from __future__ import annotations

from dataclasses import replace

from search.parse.meaning import Meaning
from search.parse.outcome import Code
from search.parse.route import Scene, place_names, refuse
from search.vocabulary import Concept, Kind


def with_group(meaning: Meaning, scene: Scene) -> Meaning:
    """全省沿海各市: the whole territory beside a group of places in it changes nothing, but it is what a share is of.

    Raises: NoRoute when a group stands beside another place: their members might be counted twice.
    """
    groups, places = meaning.of(Kind.GROUP), meaning.of(Kind.REGION)
    if not groups:
        return meaning
    outer = all(place.code == scene.vocabulary.root for place in places)
    if len(groups) > 1 or not outer:
        raise refuse(
            Code.NOT_UNDERSTOOD,
            f"“{groups[0].label}”是几个地区的合称，请一次只问一个合称，不和别的地区放在一起。",
        )
    inner = replace(
        meaning,
        things=tuple(item for item in meaning.things if item.kind is not Kind.REGION),
        notes=(*meaning.notes, _members_note(groups[0], scene)),
    )
    if not (places and meaning.has("share")) or meaning.whole is not None:
        return inner
    return replace(inner, whole=Meaning(things=places))


def _members_note(group: Concept, scene: Scene) -> str:
    names = place_names(scene.vocabulary.groups[group.code], scene.vocabulary.regions)
    return f"“{group.label}”是数据里定义的分组，包括{names}。"
