"""Saved views: keeping a list under a name, sharing it, and how somebody arranged a list for themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from exchange.lists import CONSORTIUM, HOSPITAL, MINE, SavedView
from exchange.permissions import VIEW_SHARE
from tenancy.access import can, hospitals, hospitals_with, reaches
from ui.crud import Crud
from ui.listing import Arranged
from ui.pages import ASIDE, whole

MOST = 30  # views of one's own in one list
BARE = frozenset(
    {"view", "cursor", "export", "filters"}
)  # an address that holds no more asks for the view as it was saved

# every list asks this first, and composing it took longer than running it
VIEWS = """
SELECT * FROM exchange_savedview
WHERE list_name = %s AND consortium_id = ANY(%s) AND (owner_id = %s OR audience = %s OR audience = %s)
"""


def views_of(user: Any, name: str, hospital: int | None = None) -> list[SavedView]:
    """The person's own views of a list, what is shared with them, and (nameless) how they arranged it; one statement."""
    consortia = sorted({h["consortium"] for h in hospitals(user)})
    found = SavedView.objects.raw(VIEWS, [name, consortia, user.pk, CONSORTIUM, HOSPITAL])
    here = [v for v in found if v.owner_id == user.pk or not hospital or not v.hospitals or hospital in v.hospitals]
    return sorted(here, key=lambda view: (view.audience == MINE, view.name, view.pk))


def clean(query: QueryDict) -> str:
    """What of an address belongs to a view: filters and sorting, nothing empty."""
    kept = QueryDict(mutable=True)
    for key, values in query.lists():
        if key == "sort" or key not in ASIDE:
            kept.setlist(key, [value for value in values if value])
    return "&".join(filter(None, kept.urlencode().split("&")))


def may_change(user: Any, view: SavedView) -> bool:
    """Its owner, and whoever may share where it is shared."""
    if view.owner_id == user.pk:
        return True
    return view.audience != MINE and view.audience in audiences(user, view.hospitals)


def audiences(user: Any, at: Iterable[int] = ()) -> list[str]:
    """With whom the person may share: the hospitals `at`, all that they may share with if none is named."""
    wide = any(reach.consortium and VIEW_SHARE in reach.permissions for reach in reaches(user))
    inside = hospitals_with(user, VIEW_SHARE)
    here = bool(inside) and set(at) <= inside
    return [MINE, *([HOSPITAL] if here else []), *([CONSORTIUM] if wide else [])]


def save(
    actor: Any, *, crud: Crud, name: str, query: QueryDict, columns: Sequence[str], audience: str, hospital: int | None
) -> SavedView:
    """Keep a list under a name. Raises ValidationError for a name that is taken or a list one does not see."""
    if not can(actor, crud.view):
        raise PermissionDenied(crud.view)
    shared = _shared(actor, audience, hospital)
    consortium = next(h["consortium"] for h in hospitals(actor) if not shared or h["id"] in shared)
    mine = SavedView.objects.filter(owner=actor, list_name=crud.name).exclude(name="")
    _free(mine, name)
    if mine.count() >= MOST:
        raise ValidationError(_("At most %d views of one list, please; delete one first.") % MOST)
    view: SavedView = SavedView.objects.create(
        consortium_id=consortium, hospitals=shared, list_name=crud.name, name=name.strip(), owner=actor,
        owner_name=actor.name, audience=audience, query=clean(query), columns=_known(crud, columns),
    )  # fmt: skip
    return view


def change(
    actor: Any,
    view: SavedView,
    *,
    crud: Crud,
    name: str,
    audience: str,
    hospital: int | None,
    query: QueryDict | None = None,
    columns: Sequence[str] = (),
) -> SavedView:
    """Rename or share it; with a `query`, take over what the list shows now."""
    if not may_change(actor, view):
        raise PermissionDenied(VIEW_SHARE)
    _free(SavedView.objects.filter(owner=view.owner_id, list_name=view.list_name).exclude(pk=view.pk), name)
    if audience != view.audience:
        view.hospitals, view.audience = _shared(actor, audience, hospital), audience
    view.name = name.strip()
    if query is not None:
        view.query, view.columns = clean(query), _known(crud, columns)
    view.save()
    return view


def remove(actor: Any, view: SavedView) -> None:
    """A view is gone for everybody who shared it; the rows are not touched."""
    if not may_change(actor, view):
        raise PermissionDenied(VIEW_SHARE)
    view.delete()


def arrange_columns(actor: Any, crud: Crud, *, view: SavedView | None, columns: Sequence[str]) -> None:
    """Remember which columns the person wants here; none: as the list (or the view) stands."""
    mine = _nameless(actor, crud)
    kept = dict(mine.arranged.get("columns", {}))
    key = str(view.pk) if view else ""
    kept.pop(key, None)
    if columns:
        kept[key] = _known(crud, columns)
    mine.arranged = {**mine.arranged, "columns": kept}
    mine.save(update_fields=["arranged"])


def open_first(actor: Any, crud: Crud, view: SavedView | None) -> None:
    """Which view the list opens with for this person; None: the whole list."""
    mine = _nameless(actor, crud)
    mine.arranged = {**mine.arranged, "first": view.pk if view else None}
    mine.save(update_fields=["arranged"])


def _nameless(actor: Any, crud: Crud) -> SavedView:
    if not can(actor, crud.view):
        raise PermissionDenied(crud.view)
    consortium = hospitals(actor)[0]["consortium"]
    facts = {"consortium_id": consortium, "owner_name": actor.name}
    found: SavedView = SavedView.objects.get_or_create(owner=actor, list_name=crud.name, name="", defaults=facts)[0]
    return found


def _shared(actor: Any, audience: str, hospital: int | None) -> list[int]:
    """The hospitals a view is shared with. Raises where the person may not share with them."""
    if audience not in audiences(actor, [hospital] if hospital and audience == HOSPITAL else []):
        raise PermissionDenied(VIEW_SHARE)
    if audience != HOSPITAL:
        return []
    if hospital is None:
        raise ValidationError({"audience": _("Choose one hospital at the top of the page first.")})
    return [hospital]


def _free(others: Any, name: str) -> None:
    if not name.strip():
        raise ValidationError({"name": _("Please give it a name.")})
    if others.filter(name=name.strip()).exists():
        raise ValidationError({"name": _("You have a view of this name already.")})


def _known(crud: Crud, columns: Sequence[str]) -> list[str]:
    declared = {column.key for column in crud.table.columns}
    return [key for key in dict.fromkeys(columns) if key in declared]


def arrange(request: HttpRequest, crud: Crud, address: QueryDict | None = None) -> Arranged:
    """How this person finds this list: with the view they asked for, else the one that opens first, else as it stands."""
    asked, here = request.GET if address is None else address, getattr(request, "hospital", None)
    kept = views_of(request.user, crud.name, here["id"] if here else None)
    views = [view for view in kept if view.name]
    mine: dict[str, Any] = next((view.arranged for view in kept if not view.name), {})
    wanted = whole(asked.get("view")) if asked else mine.get("first")
    view = next((v for v in views if v.pk == wanted), None)
    query = opened(view, asked) if view else asked
    own = mine.get("columns", {}).get(str(view.pk) if view else "")
    columns = own or (view.columns if view else [])
    bar = {
        "views": views,
        "view": view,
        "first": mine.get("first"),
        "changed": bool(view) and (clean(query) != view.query or bool(own and own != view.columns)),  # type: ignore[union-attr]
        "may_change": bool(view) and may_change(request.user, view),  # type: ignore[arg-type]
        "query": query.urlencode(),
        "key": crud.key,
    }
    return Arranged(query, columns, bar, view)


def opened(view: SavedView, asked: QueryDict) -> QueryDict:
    """What is asked of the list: what the view says, unless the address says more than the view's name."""
    query = asked.copy()
    if set(asked) <= BARE:
        for key, values in view.asked.lists():
            query.setlist(key, values)
        query["view"] = str(view.pk)
    return query
