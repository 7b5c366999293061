"""What postings refuse."""

from shared.domain import Conflicting, Invalid, Text


class AlreadyPosted(Conflicting):
    """One posting at a time."""

    slug = "already-posted"
    title = Text(en="Already posted", ar="موفد من قبل")
    detail = Text(
        en="{staff} is posted to {mission}: reassign, or recall first.",
        ar="{staff} موفد إلى {mission}: انقله أو استدعه أولًا.",
    )


class SeparatedFromService(Conflicting):
    """Whoever left the service is not posted again."""

    slug = "separated-from-service"
    title = Text(en="No longer in service", ar="لم يعد في الخدمة")
    detail = Text(en="{staff} has left the service.", ar="انتهت خدمة {staff}.")


class NotPosted(Conflicting):
    """Only a posting can end; it ends once."""

    slug = "not-posted"
    title = Text(en="Not posted", ar="غير موفد")
    detail = Text(
        en="{staff} is not posted anywhere: the last posting ended ({state}).",
        ar="{staff} غير موفد إلى أي بعثة: انتهى آخر إيفاد ({state}).",
    )


class SameMission(Invalid):
    """A reassignment leads elsewhere."""

    slug = "same-mission"
    title = Text(en="Reassigned to the same mission", ar="نقل إلى البعثة نفسها")
    detail = Text(
        en="{staff} is already at {mission}: name another mission.",
        ar="{staff} في {mission} أصلًا: سمِّ بعثة أخرى.",
    )
