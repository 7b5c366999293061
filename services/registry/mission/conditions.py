"""The twelve conditions of a closing, in words (product design, "Mission")."""

from shared.contracts.registry import HOST_NOTIFIED
from shared.domain import Text

ORDERED_AND_FREE = 1
STATES_SUCCEEDED = 3
STAFF_SETTLED = 5

OF_RECEIVER = (3, 4, 12)
"""What is shown or waived for one receiver counts for no other: the States, the district, the signatures."""

NEVER_WAIVED = (ORDERED_AND_FREE, 12)
"""What the law itself asks, and the three signatures: nobody answers for it that these are missing."""

CONDITIONS: dict[int, Text] = {
    ORDERED_AND_FREE: Text(
        en="Its measure row is in force and no hold is open on decree, article or row.",
        ar="صف الإجراء نافذ ولا إيقاف مفتوحًا على القرار أو المادة أو الصف.",
    ),
    HOST_NOTIFIED: Text(
        en="Both dates are notified to the host and acknowledged, or deemed received.",
        ar="أُبلغت الدولة المضيفة بالتاريخين وأقرت بهما، أو عُدّ الإبلاغ مستلمًا.",
    ),
    STATES_SUCCEEDED: Text(
        en="Each accredited State has a successor, a protecting power or an explicit gap decision.",
        ar="لكل دولة اعتماد بعثة خلف أو دولة حامية أو قرار صريح بالفراغ.",
    ),
    4: Text(
        en="The consular district is transferred with host consent and every open case has an owner.",
        ar="نُقلت دائرة الاختصاص القنصلية بموافقة الدولة المضيفة ولكل ملف مفتوح جهة تتولاه.",
    ),
    STAFF_SETTLED: Text(
        en="Every posted person has exactly one outcome, by the competent authority.",
        ar="لكل موفد مصير واحد محدد (نقل أو استدعاء أو إنهاء خدمة) من الجهة المختصة.",
    ),
    6: Text(
        en="Every local employee is notified and settled, or a claim is recorded.",
        ar="أُخطر كل مستخدم محلي وسُويت حقوقه، أو سُجلت مطالبة.",
    ),
    7: Text(
        en="Every archive item is placed, nothing under hold destroyed, destruction witnessed by two people.",
        ar="وُضعت كل وحدة من المحفوظات في مكانها، ولم يُتلف ما هو موقوف إتلافه، وشهد شخصان على الإتلاف.",
    ),
    8: Text(
        en="Seals, blank documents and crypto material balance to zero.",
        ar="أرصدة الأختام والوثائق البيضاء ومواد التشفير صفر.",
    ),
    9: Text(
        en="Every premises has a disposition and a custodian.",
        ar="لكل مقر مآل محدد وأمين عهدة.",
    ),
    10: Text(en="Assets balance.", ar="الأصول مطابقة للجرد."),
    11: Text(
        en="No commitment is dated after the stop date.",
        ar="لا التزام ماليًا بتاريخ لاحق لتاريخ الإيقاف.",
    ),
    12: Text(
        en="Three distinct people signed: outgoing, receiving, inspection.",
        ar="وقّع ثلاثة أشخاص مختلفين: المسلِّم والمستلم والتفتيش.",
    ),
}
