"""The states of one group: what reached them, together and one by one."""

from dashboard.views.subregion import activities, context, members, profile, treaties  # noqa: F401  (registers views)
from dashboard.views.subregion.choice import group_of, members_of, portrait

__all__ = ["group_of", "members_of", "portrait"]
