"""What kinds of things, and actions on them, are called in Arabic; in English they are their own names."""

from collections.abc import Mapping
from typing import Any

KINDS = {
    "article": "مادة",
    "calendar": "تقويم",
    "deadline": "أجل",
    "decree": "قرار",
    "department": "إدارة",
    "directory": "دليل",
    "event": "حدث",
    "extension": "تمديد",
    "measure": "إجراء",
    "mission": "بعثة",
    "notification": "إشعار",
    "organisation": "هيكل تنظيمي",
    "plan": "خطة",
    "rebuild": "إعادة بناء",
    "service": "خدمة",
    "staff": "موظف",
    "subscription": "اشتراك",
    "task": "مهمة",
    "template": "نموذج إجراءات",
    "view": "عرض",
    "witness": "شاهد",
}
"""Kinds of aggregates, and of what else can be looked for."""

ACTIONS = {
    "calendar.declare": "إعلان تقويم",
    "decree.execute": "إعلان تنفيذ القرار",
    "decree.hold": "إيقاف القرار",
    "decree.reschedule": "إعادة حساب آجال القرار",
    "decree.resume": "رفع الإيقاف",
    "dossier.import": "استيراد الملف",
    "extension.decide": "البت في التمديد",
    "extension.request": "طلب التمديد",
    "loss.acknowledge": "الإقرار بما فُقد",
    "measure.execute": "إثبات تنفيذ الإجراء",
    "measure.identify": "تحديد بيانات الإجراء",
    "measure.order": "الأمر بتنفيذ الإجراء",
    "mission.close": "إقفال البعثة",
    "mission.set-dates": "تحديد تاريخي الإقفال",
    "notification.retry": "إعادة إرسال الإشعار",
    "parked.read": "الاطلاع على الأحداث الموقوفة",
    "parked.retry": "إعادة محاولة الأحداث الموقوفة",
    "parked.skip": "تخطي حدث موقوف",
    "plan.reschedule": "إعادة حساب آجال الخطة",
    "secret.read": "الاطلاع على السر",
    "secret.renew": "تجديد السر",
    "staff.erase": "محو البيانات الشخصية لموظف",
    "staff.post": "إيفاد موظف",
    "staff.read-person": "الاطلاع على البيانات الشخصية لموظف",
    "staff.reassign": "نقل موظف",
    "staff.recall": "استدعاء موظف",
    "staff.record-person": "تسجيل البيانات الشخصية لموظف",
    "staff.separate": "إنهاء خدمة موظف",
    "subscription.change": "تغيير الاشتراك",
    "subscription.close": "إنهاء الاشتراك",
    "subscription.open": "فتح اشتراك",
    "subscription.to-everything": "الاشتراك في كل شيء",
    "task.accept": "قبول المهمة",
    "task.assign": "التكليف بالمهمة",
    "task.attach": "إرفاق الإثبات",
    "task.cancel": "إلغاء المهمة",
    "task.hand-over": "تغيير الجهة المختصة بالمهمة",
    "task.return": "إعادة المهمة",
    "task.start": "بدء المهمة",
    "task.submit": "تقديم المهمة",
    "template.adopt": "اعتماد نموذج إجراءات",
    "view.rebuild": "إعادة بناء عرض",
}
"""Actions in the tables of permissions."""

_NAMED = {"kind": KINDS, "part": KINDS, "action": ACTIONS}


def in_arabic(facts: Mapping[str, Any]) -> dict[str, str]:
    """Name in Arabic what the facts of a refusal name: ``kind_ar`` for ``kind``, and so on.

    What has no name here stands as it is.
    """
    return {
        f"{fact}_ar": names.get(facts[fact], facts[fact]) for fact, names in _NAMED.items() if fact in facts
    }
