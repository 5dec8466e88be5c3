"""A file under review, or a run of a file that holds results: what is known of it, and decided about it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path

from itkgui.client.exceptions import FileEmpty, FileMissing, FileUnreadable, ItkError, NotAFile
from itkgui.item_models.moments import local_text
from itkgui.item_models.problem_table import LaidOut
from itkgui.item_models.title_fields import filled_in, has_fields, unknown_fields
from itkgui.language import N_, _
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage, with_ending
from itkgui.records.result_check import moment_in
from itkgui.uploads.intake import Examined, Found, State
from itkgui.uploads.results import CheckedRun, RunInFile
from itkgui.uploads.spool import FileChanged, NoCopy, Spooled
from itkgui.uploads.targets import Doubt, Finding, Home, Target
from itkgui.uploads.upload import Upload, UploadKind
from itkgui.uploads.upload_rows import Sending

# What keeps a file from being sent, as a state among the others; anything else just cannot be sent.
_PROBLEMS: Mapping[type[ItkError], str] = {
    FileEmpty: N_("empty file"),
    FileMissing: N_("file not found"),
    NotAFile: N_("not a file"),
    FileChanged: N_("file still changing"),
    FileUnreadable: N_("file not readable"),
    NoCopy: N_("no room for a copy"),
}
_NEW = "new"  # before the key of a run that there is not yet


class Stage(Enum):
    """How far a file is on its way into the queue's spool; the value is the word for that."""

    UNSEEN = N_("looking at it…")
    CHECKING = N_("checking its values…")
    SEEN = N_("copying…")
    GROWING = N_("still being written")
    COPIED = N_("copied")
    BROKEN = N_("cannot be sent")


class ReviewRow:
    """A file under review, with what was typed and decided for it; ``id`` is that of its upload.

    ``run`` makes it results that become a test run: of its component, or of that which they name if they are
    ``is_for_its_own``. ``storage`` and ``target`` are None as long as those that are usual will do.
    """

    def __init__(self, found: Found, run: RunInFile | None = None) -> None:
        self.found = found
        self.run = run
        self.id = uuid.uuid4().hex
        self.stage = Stage.UNSEEN
        self.looks = 0  # how often it was looked at or checked again
        self.title, self.description = self.path.name, ""
        self.is_typed_in = False
        self.is_sent_elsewhere = False  # whether somebody has chosen its target
        self.storage: Storage | None = None
        self.target: Owner | None = None
        self.whose = ""  # of a tray, the component that this row is for
        self.decided: set[Doubt] = set()  # what was said to be no reason to stop
        self.skipped_for: frozenset[Doubt] = frozenset()  # for what it is left out, should that be found
        self.examined: Examined | None = None
        self.checked: CheckedRun | None = None
        self.laid_out: LaidOut | None = None  # as it was checked
        self.is_for_its_own = False
        self.is_plain = False  # whether results are to be attached as the file they are
        self.brought_by: Owner | None = None  # the run to which it belongs, if it was not dropped as a file
        self.left_out: set[tuple[Owner, Path]] = set()  # what belongs to results, and somebody took away
        self.drop = 0  # the number of the drop that it came with
        self.copy: Spooled | None = None
        self.sendings: Sequence[Sending] = ()
        self.compared: dict[str, bool | None] = {}  # by codes of attachments, whether the bytes are the same
        self.problem: ItkError | None = None
        self.findings: Sequence[Finding] = ()
        self.usual_storage, self.reason = Storage.FILE, ""
        self.goes_to: Target | None = None
        self.parent: ReviewRow | None = None  # whose run it goes to
        self.seen: State = (0, 0)  # of a file that may still be written to, and since when it has not been
        self.seen_since = 0.0
        self.is_watched = self.is_gone = False
        self.has_namesake = False  # whether another file in the review is called the same

    # What it is --------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        return self.found.path

    @property
    def key(self) -> tuple[Path, int, str]:
        """What tells it from all others in a review."""
        # Each component of a tray has a row of the same file.
        number = self.run.number if self.run is not None else -1
        return self.path, number, self.target.key if self.target is not None and not self.run else ""

    @property
    def name(self) -> str:
        name = self.found.within.as_posix() if self.has_namesake else self.path.name
        if self.whose:
            whose = self.goes_to.owner.label if self.goes_to is not None else self.whose
            return _("{file} for {component}").format(file=name, component=whose)
        if self.run is None or self.run.count == 1:
            return name
        text = _("{name}, {number} of {count:,}")
        return text.format(name=name, number=self.run.number + 1, count=self.run.count)

    @property
    def shown_title(self) -> str:
        return self.facts[0] if self.facts else self._sent(self.title)

    def _sent(self, title: str) -> str:
        """Return a title as it is sent: on EOS with the ending of the file."""
        is_alone = bool(title.strip()) and self.kept_in is Storage.EOS
        return with_ending(title, self.path.name) if is_alone else title

    @property
    def shown_description(self) -> str:
        return ", ".join(self.facts[1:]) if self.facts else self.description

    @property
    def is_changed(self) -> bool:
        """Whether somebody has typed or decided something for it."""
        chosen = self.storage is not None or self.is_sent_elsewhere or self.is_plain or self.is_for_its_own
        return self.is_typed_in or chosen or bool(self.decided)

    @property
    def wrong_fields(self) -> tuple[str, ...]:
        """What was typed like a field and is none, unless the file is named so."""
        if not self.is_typed_in:
            return ()
        wrong = (*unknown_fields(self.title), *unknown_fields(self.description))
        return tuple(name for name in dict.fromkeys(wrong) if f"{{{name}}}" not in self.path.name)

    @property
    def facts(self) -> tuple[str, ...]:
        """What results are, in words: the test and the run, how it went and when."""
        if self.run is None:
            return ()
        moment = moment_in(self.run.date)
        passed = self.run.body.get("passed")
        verdict = (_("passed") if passed else _("failed")) if isinstance(passed, bool) else ""
        title = self.checked.title if self.checked is not None else self.run.title
        when = local_text(moment) if moment is not None else self.run.date
        return (title, *filter(None, (verdict, when)))

    @property
    def size(self) -> int:
        """Size in bytes, of a run that of its own results; 0 for what was not looked at yet, or cannot be."""
        if self.copy is not None:
            return self.copy.size
        return self.examined.size if self.examined is not None and self.run is None else 0

    @property
    def media_type(self) -> str:
        return self.examined.media_type if self.examined else ""

    @property
    def essence(self) -> str:
        """What is the same for two rows that hold the same; empty as long as that is not known."""
        if self.run is not None:
            return self.run.essence if self.checked is not None else ""
        return self.copy.sha256 if self.copy else ""

    @property
    def kept_in(self) -> Storage:
        return self.storage or self.usual_storage

    @property
    def new_owner(self) -> Owner:
        """The run that it becomes, as the target of files in the review; the same after another look."""
        number = self.key[1]
        return Owner(OwnerKind.TEST_RUN, f"{_NEW} {number} {self.path}", self.shown_title)

    @property
    def goes_to_new(self) -> bool:
        """Whether it goes with results in this review."""
        return self.target is not None and self.target.key.startswith(f"{_NEW} ")

    @property
    def as_target(self) -> Target:
        test = self.checked.test_type if self.checked is not None else None
        title = self.checked.title if self.checked is not None else self.name
        return Target(
            self.new_owner,
            _("its new test run {name}").format(name=title),
            (),
            test.reference.code if test is not None else "",
            _("new test run {name}").format(name=title),
        )

    # What is to be decided ---------------------------------------------------------------------------------

    @property
    def open_doubts(self) -> list[Finding]:
        """What somebody has to decide about before the file can go."""
        waiting = [finding for finding in self.findings if finding.doubt.needs_decision]
        return [finding for finding in waiting if finding.doubt not in self.decided]

    @property
    def is_pending(self) -> bool:
        """Whether more is still to be found out about it."""
        return self.problem is None and (self.stage is not Stage.COPIED or bool(self.to_compare))

    @property
    def is_to_be_skipped(self) -> bool:
        """Whether that was found for which it is to be left out."""
        return any(finding.doubt in self.skipped_for for finding in self.open_doubts)

    @property
    def remark(self) -> str:
        """What there is to say first, in a few words."""
        if self.problem is not None:
            known = (word for kind, word in _PROBLEMS.items() if isinstance(self.problem, kind))
            return _(next(known, Stage.BROKEN.value))
        if self.open_doubts:
            return _(self.open_doubts[0].doubt.value)
        if self.stage is not Stage.COPIED:
            return _(self.stage.value)
        cautions = [finding for finding in self.findings if finding.doubt is Doubt.CAUTION]
        return (cautions[0].word or _(cautions[0].doubt.value)) if cautions else _("ready")

    @property
    def remark_in_full(self) -> str:
        """All there is to say, each in a line."""
        return "\n".join(finding.sentence for finding in self.findings) or self.remark

    @property
    def tone(self) -> str:
        if self.problem is not None or self.open_doubts:
            return "bad"
        if self.stage is Stage.GROWING or self.findings:
            return "caution"
        return "good" if self.stage is Stage.COPIED else "quiet"

    @property
    def to_compare(self) -> list[Attachment]:
        """What is called the same where it goes, and may be the same."""
        if self.copy is None or self.run is not None or self.goes_to is None:
            return []
        found = self.goes_to.namesakes(self.path.name, self._sent(self.title.strip()))
        return [one for one in found if one.code not in self.compared]

    def look_again(self) -> None:
        """Forget what is wrong with it, for another try."""
        self.stage, self.problem, self.examined, self.copy = Stage.UNSEEN, None, None, None
        self.looks += 1
        self.compared.clear()

    def check_again(self) -> None:
        """Forget what a check of its results has found, and what was decided about that."""
        self.stage, self.problem, self.checked, self.copy = Stage.CHECKING, None, None, None
        self.looks += 1
        self.decided.clear()

    def take_words(self, other: ReviewRow) -> bool:
        """Take what was typed for the same file in another row; tell whether nothing of that is lost."""
        if other.is_typed_in and not self.is_typed_in:
            self.title, self.description, self.is_typed_in = other.title, other.description, True
        words = (self.title, self.description)
        return not other.is_typed_in or words == (other.title, other.description)

    def leave(self, together: Iterable[ReviewRow]) -> None:
        """Forget what was decided for one target, before it goes to another with some rows."""
        self.decided.clear()
        self.drop, self.whose = 0, ""
        if self.run is not None:
            self.is_for_its_own = False
            self.check_again()
        elif self.target not in {row.new_owner for row in together if row.run is not None}:
            self.target = None

    # To be sent --------------------------------------------------------------------------------------------

    def fields(self, home: Home, number: int) -> Mapping[str, str]:
        """Return the values of the fields that a title may have."""
        return {
            "serial": home.label,
            "test": self.goes_to.test if self.goes_to else "",
            "stage": home.stage,
            "date": f"{datetime.now().astimezone():%Y-%m-%d}",
            "exif_date": self.examined.taken.replace(":", "") if self.examined else "",
            "n": str(number),
            "name": self.path.stem,
        }

    def upload_run(self) -> Upload:
        """Return results as they are to be sent. Raises ValueError if they are not ready."""
        if self.checked is None or self.copy is None or self.open_doubts or not self.checked.can_be_sent:
            raise ValueError(f"{self.path} is not ready")
        copy = self.copy
        return self.checked.upload(
            may_repeat=not self.decided.isdisjoint((Doubt.SAME_RUN, Doubt.TWICE)),
            id=self.id,
            size=copy.size,
            sha256=copy.sha256,
            adler32=copy.adler32,
        )

    def upload(self, home: Home) -> Upload:
        """Return a file as it is to be sent. Raises ValueError for one that is not ready."""
        if self.examined is None or self.goes_to is None:
            raise ValueError(f"{self.path} is not ready")
        has_gaps = has_fields(self.title) or has_fields(self.description)
        values = self.fields(home, 1) if has_gaps else {}  # a thousand at once wait for none of it
        title, description = (filled_in(text, values).strip() for text in (self.title, self.description))
        parent = self.parent
        checked = parent.checked if parent is not None else None
        run = (
            _("{run} of {component}").format(run=checked.title, component=checked.component.label)
            if checked
            else ""
        )
        files = checked.files if checked else ()
        named = [file.parameter for file in files if file.parameter and file.path == self.path]
        return Upload(
            kind=UploadKind.FILE,
            target=Owner(OwnerKind.TEST_RUN, "", run) if checked else self.goes_to.owner,
            name=self.path.name,
            title=self._sent(title),
            description=description or title,
            storage=self.kept_in,
            size=self.size,
            media_type=self.copy.media_type if self.copy else self.media_type,
            source=str(self.path.absolute()),
            sha256=self.copy.sha256 if self.copy else "",
            adler32=self.copy.adler32 if self.copy else "",
            component=checked.component.code if checked else home.component,
            parent=parent.id if parent is not None else "",
            parameters=tuple(dict.fromkeys(named)),
            may_repeat=not self.decided.isdisjoint((Doubt.THERE_ALREADY, Doubt.TWICE)),
            id=self.id,
        )
