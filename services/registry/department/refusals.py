"""What departments refuse."""

from shared.domain import Conflicting, Text


class DepartmentKnownOtherwise(Conflicting):
    """The key already belongs to a department of another name."""

    slug = "department-known-otherwise"
    title = Text(en="Department known under another name", ar="الإدارة معروفة باسم آخر")
    detail = Text(
        en="The department {department} is registered under another name: use another key.",
        ar="الإدارة {department} مسجلة باسم آخر: استعمل مفتاحًا آخر.",
    )
