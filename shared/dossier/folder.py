"""A dossier as a folder of YAML files, of which ``dossier.yaml`` names the others, or as one file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from shared.contracts.identity import TOKEN_PATTERN
from shared.contracts.registry import MeasureKind
from shared.domain import Text
from shared.dossier.checking import PARTS, check
from shared.dossier.form import DecreeForm, Dossier, Form
from shared.dossier.problems import Problem, problems_of, refuse
from shared.dossier.safe_json import read_json
from shared.dossier.safe_yaml import UnreadableYaml, read_yaml

MAIN = "dossier.yaml"
NO_PAIRS = Text(en="it does not hold `name: value` pairs", ar="لا يحتوي على أزواج من الشكل `name: value`")
_BY_LIST = {"decree", "procedure", "procedures", "host_calendars"}
"""Fields of the main file that are no part of the dossier under the name of one file."""
_KEY = re.compile(TOKEN_PATTERN)

FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class MainFile(Form):
    """``dossier.yaml``: the decree, and the names of the files with everything else.

    `procedures` names files for kinds of measures that are not carried out by `procedure`, and
    `host_calendars` those of countries by whose calendars tasks of missions there may count.
    """

    decree: DecreeForm
    procedure: FileName | None = None
    procedures: Mapping[MeasureKind, FileName] = Field(default_factory=dict)
    calendar: FileName | None = None
    host_calendars: tuple[FileName, ...] = Field(default=(), max_length=200)
    departments: FileName | None = None
    missions: FileName | None = None
    staff: FileName | None = None


@dataclass(frozen=True)
class Folder:
    """A dossier that was read and checked.

    `procedures`, `calendar` and `host_calendars` are for the service `tasks`, as they stand in their files.
    """

    dossier: Dossier
    procedures: tuple[dict[str, Any], ...]
    calendar: dict[str, Any] | None
    host_calendars: tuple[dict[str, Any], ...] = ()


def read_folder(path: Path) -> Folder:
    """Read the dossier in a folder, or the one whose main file is `path`.

    Raises:
        DossierRefused: with every problem of every file.
    """
    main_path = path / MAIN if path.is_dir() else path
    problems: list[Problem] = []
    raw = _read(main_path, main_path.name, problems)
    refuse(problems)
    if _is_single(raw) or _names_keys_alone(raw, main_path.parent):
        return _single(main_path.name, raw)
    try:
        main = MainFile.model_validate(raw)
    except ValidationError as error:
        refuse(problems_of(error, main_path.name))
        raise
    named = {
        part: _read(main_path.parent / name, name, problems)
        for part, name in main.model_dump(exclude=_BY_LIST).items()
        if name is not None
    }
    names = dict.fromkeys([*([] if main.procedure is None else [main.procedure]), *main.procedures.values()])
    procedures = {name: _read(main_path.parent / name, name, problems) for name in names}
    hosts = {name: _read(main_path.parent / name, name, problems) for name in main.host_calendars}
    refuse(problems)
    return _assemble(main_path.name, main, named, procedures, hosts)


def _read(path: Path, name: str, problems: list[Problem]) -> Any:
    try:
        content = read_json(path) if path.suffix == ".json" else read_yaml(path)
    except UnreadableYaml as error:
        problems.append(_unreadable(name, error.why))
        return None
    if not isinstance(content, dict):
        problems.append(_unreadable(name, NO_PAIRS))
    return content


def _unreadable(name: str, why: Text) -> Problem:
    return Problem(
        file=name,
        path="",
        what=Text(en=f"The file cannot be read: {why.en}.", ar=f"تعذرت قراءة الملف: {why.ar}."),
        remedy=Text(en="Mend the file.", ar="أصلح الملف."),
    )


def _assemble(
    main_name: str,
    main: MainFile,
    named: dict[str, Any],
    procedures: dict[str, dict[str, Any]],
    hosts: dict[str, dict[str, Any]],
) -> Folder:
    calendar = named.pop("calendar", None)
    files = {"decree": main_name}
    files |= {part: getattr(main, part) or main_name for part in ("departments", "missions", "staff")}
    parts: dict[str, Any] = {"decree": main.decree, **named}
    if main.procedure is not None:
        parts["procedure"] = procedures[main.procedure].get("template")
    if main.procedures:
        keys = {kind: procedures[name].get("template") for kind, name in main.procedures.items()}
        parts["procedures"] = {kind: key for kind, key in keys.items() if isinstance(key, str)}
    try:
        dossier = Dossier.model_validate(parts)
    except ValidationError as error:
        names = {**files, "procedure": main.procedure or main_name, "procedures": main_name}
        refuse(_in_its_file(problem, names) for problem in problems_of(error, main_name))
        raise
    problems = check(dossier, files)
    problems += _named_keys((name, content, "template") for name, content in procedures.items())
    if main.calendar is not None and calendar is not None:
        problems += _named_keys([(main.calendar, calendar, "name")])
    problems += _of_hosts(hosts.items())
    for name, content in procedures.items():
        problems += _procedure_departments(dossier, name, content)
    if main.procedure is not None:
        problems += _obliged_tasks(dossier, main_name, procedures[main.procedure])
    refuse(problems)
    return Folder(dossier, tuple(procedures.values()), calendar, tuple(hosts.values()))


def _is_single(content: dict[str, Any]) -> bool:
    """Whether parts stand in the file itself; `procedures` maps kinds of measures to files otherwise."""
    parts = [part for name, part in content.items() if name not in ("decree", "procedures")]
    parts += [*_values(content.get("procedures")), *_listed(content.get("host_calendars"))]
    return any(isinstance(part, dict) for part in parts)


def _names_keys_alone(content: dict[str, Any], folder: Path) -> bool:
    """Whether a decree stands alone but for keys of procedures: what no file can be meant by.

    A key has no ending, and no file beside the decree has its name.
    """
    named = [content.get("procedure"), *_values(content.get("procedures"))]
    keys = [name for name in named if isinstance(name, str)]
    return (
        content.keys() <= {"decree", "procedure", "procedures"}
        and bool(keys)
        and all(_KEY.match(name) and not (folder / name).exists() for name in keys)
    )


def _listed(part: Any) -> list[Any]:
    return part if isinstance(part, list) else []


def _values(part: Any) -> list[Any]:
    return list(part.values()) if isinstance(part, dict) else []


def _single(name: str, content: dict[str, Any]) -> Folder:
    """Read a dossier that is one file: its parts stand in it instead of the names of their files.

    What stands as a procedure may also be the key of one that `tasks` has already.
    """
    calendar, procedure, kinds = (content.get(part) for part in ("calendar", "procedure", "procedures"))
    hosts = [one if isinstance(one, dict) else {} for one in _listed(content.get("host_calendars"))]
    parts = {part: held for part, held in content.items() if part not in ("calendar", "host_calendars")}
    if isinstance(procedure, dict):
        parts["procedure"] = procedure.get("template")
    if isinstance(kinds, dict):
        keys = {kind: one.get("template") if isinstance(one, dict) else one for kind, one in kinds.items()}
        parts["procedures"] = keys
    try:
        dossier = Dossier.model_validate(parts)
    except ValidationError as error:
        refuse(problems_of(error, name))
        raise
    problems = check(dossier, dict.fromkeys(PARTS, name))
    procedures: list[dict[str, Any]] = []
    for one in (procedure, *_values(kinds)):
        if isinstance(one, dict) and one not in procedures:
            procedures.append(one)
            problems += _procedure_departments(dossier, name, one)
    problems += _named_keys((name, one, "template") for one in procedures)
    if calendar is not None:
        problems += _named_keys([(name, calendar if isinstance(calendar, dict) else {}, "name")])
    problems += _of_hosts((name, one) for one in hosts)
    problems += _obliged_tasks(dossier, name, procedure) if isinstance(procedure, dict) else []
    refuse(problems)
    return Folder(dossier, tuple(procedures), calendar, tuple(hosts))


def _in_its_file(problem: Problem, files: dict[str, str]) -> Problem:
    part, _, rest = problem.path.partition(".")
    if part == "decree":
        return problem
    return problem.model_copy(update={"file": files[part], "path": rest or part})


def _named_keys(wanted: Iterable[tuple[str, dict[str, Any], str]]) -> list[Problem]:
    return [
        Problem(
            file=file,
            path=key,
            what=Text(en="The key is missing.", ar="المفتاح مفقود."),
            remedy=Text(en=f"Give it as `{key}: …`.", ar=f"اكتبه هكذا: `{key}: …`."),
        )
        for file, content, key in wanted
        if not isinstance(content.get(key), str)
    ]


def _of_hosts(calendars: Iterable[tuple[str, dict[str, Any]]]) -> list[Problem]:
    """Find calendars of hosts without a name, or that do not say whose they are."""
    wanted = [(file, content, key) for file, content in calendars for key in ("name", "country")]
    return _named_keys(wanted)


def _procedure_departments(dossier: Dossier, file: str, procedure: dict[str, Any]) -> list[Problem]:
    """Find leads and co-executors that no department bears; `tasks` judges the rest of a procedure."""
    known = {department.key for department in dossier.departments.departments}
    problems = []
    for part in ("tasks", "decree_tasks"):
        tasks = procedure.get(part)
        for index, task in enumerate(tasks if isinstance(tasks, list) else []):
            named = [task.get("lead"), *(task.get("co_executors") or [])] if isinstance(task, dict) else []
            problems += [
                Problem(
                    file=file,
                    path=f"{part}.{index}",
                    what=Text(en=f"There is no department {key}.", ar=f"لا توجد إدارة باسم {key}."),
                    remedy=Text(en="Add it to the departments.", ar="أضفها إلى الإدارات."),
                )
                for key in named
                if isinstance(key, str) and key not in known
            ]
    return problems


def _obliged_tasks(dossier: Dossier, file: str, procedure: dict[str, Any]) -> list[Problem]:
    """Find obligations whose task the procedure does not ask of the decree."""
    tasks = procedure.get("decree_tasks")
    asked = {
        task.get("number") for task in (tasks if isinstance(tasks, list) else []) if isinstance(task, dict)
    }
    return [
        Problem(
            file=file,
            path=f"decree.obligations.{index}.task",
            what=Text(
                en=f"The procedure has no decree task {obligation.task}.",
                ar=f"لا يحتوي الإجراء على مهمة للقرار برقم {obligation.task}.",
            ),
            remedy=Text(
                en="Add it to the procedure's decree_tasks, or correct the number.",
                ar="أضفها إلى decree_tasks في الإجراء أو صحح الرقم.",
            ),
        )
        for index, obligation in enumerate(dossier.decree.obligations)
        if obligation.task is not None and obligation.task not in asked
    ]
