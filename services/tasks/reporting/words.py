"""What states and columns are called in a report."""

from typing import Any

from shared.contracts.text import Text


def text_of(value: Any) -> Text | str:
    """Read a text that stands in a row as JSON; a dash where there is none."""
    return Text.model_validate(value) if value else "—"


def _t(en: str, ar: str) -> Text:
    return Text(en=en, ar=ar)


DECREES = {
    "issued": _t("issued", "صادر"),
    "in-force": _t("in force", "نافذ"),
    "held": _t("held", "موقوف"),
    "executed": _t("executed", "منفَّذ"),
    "removed-from-control": _t("removed from control", "مرفوع من المتابعة"),
    "repealed": _t("repealed", "ملغى"),
    "superseded": _t("superseded", "مستبدل"),
}
MEASURES = {
    "listed": _t("listed, not ordered", "مدرج لم يؤمر به"),
    "blocked": _t("blocked", "متعذر"),
    "ordered": _t("ordered", "مأمور بتنفيذه"),
    "executed": _t("executed", "منفَّذ"),
    "dropped": _t("dropped by an amendment", "محذوف بتعديل"),
}
MISSIONS = {
    "planned": _t("planned", "مقررة"),
    "open": _t("open", "قائمة"),
    "closing": _t("closing", "قيد الإقفال"),
    "closed": _t("closed", "مقفلة"),
    "settled": _t("settled", "مسوّاة"),
    "archived": _t("archived", "محفوظة"),
}
DEADLINES = {
    "none": _t("not set yet", "لم يُحدد بعد"),
    "running": _t("running", "سارٍ"),
    "approaching": _t("approaching", "وشيك"),
    "suspended": _t("suspended by a hold", "موقوف"),
    "missed": _t("missed, and open", "فائت ولم تُنجز مهمته"),
    "dropped": _t("dropped with its task", "ساقط بإلغاء مهمته"),
}
EXTENSIONS = {
    "requested": _t("requested, not decided", "مطلوب لم يُبت فيه"),
    "granted": _t("granted", "ممنوح"),
    "refused": _t("refused", "مرفوض"),
}
OUTCOMES = {
    "reassigned": _t("reassigned", "منقولون"),
    "recalled": _t("recalled", "مستدعون"),
    "separated": _t("separated", "منتهية خدمتهم"),
}
HOLDS = {"open": _t("open", "قائم"), "lifted": _t("lifted", "مرفوع")}
MEETINGS = {
    "planned": _t("planned", "مقرر"),
    "held": _t("held, minutes not approved", "منعقد لم يُعتمد محضره"),
    "minuted": _t("minuted", "معتمد المحضر"),
    "closed": _t("closed", "مختتم"),
    "cancelled": _t("cancelled", "ملغى"),
}
DECISIONS = {
    "open": _t("open", "قائم"),
    "done": _t("carried out", "منفَّذ"),
    "dropped": _t("given up", "متروك"),
}
INDICATORS = {
    "running": _t("running", "قيد القياس"),
    "met": _t("target met", "تحقق المستهدف"),
    "missed": _t("target missed", "لم يتحقق المستهدف"),
    "withdrawn": _t("withdrawn", "مسحوب"),
}
HEADINGS = {
    "improving": _t("improving", "يتحسن"),
    "steady": _t("steady", "ثابت"),
    "worsening": _t("worsening", "يتراجع"),
}
TOTAL = _t("total", "المجموع")
