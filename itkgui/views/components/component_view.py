"""One open component: who it is, always in sight, and the tabs of its page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.background import ages
from itkgui.client.exceptions import ItkError
from itkgui.item_models.plain_text import shown_text
from itkgui.language import N_, _
from itkgui.records.attachment import Attachment, Owner, OwnerKind
from itkgui.records.attachment_list import attachments_around
from itkgui.records.component import Component
from itkgui.records.finding import Corner
from itkgui.records.run_history import TestRunSummary
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun
from itkgui.records.timeline import Subject
from itkgui.uploads.upload import Upload, UploadKind
from itkgui.views.attachments.attachment_view import AttachmentView
from itkgui.views.components.comments_view import CommentsView
from itkgui.views.components.component_shipments import ComponentShipments
from itkgui.views.components.family_view import FamilyView
from itkgui.views.components.identity_links import IdentityLinks
from itkgui.views.components.identity_strip import IdentityStrip
from itkgui.views.components.newer_watch import NewerWatch
from itkgui.views.components.overview_view import OverviewView
from itkgui.views.components.timeline_view import TimelineView
from itkgui.views.context.arrivals import Arrivals
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.review.awaited import Awaited
from itkgui.views.review.drop_area import DropArea
from itkgui.views.review.review_sheet import ReviewSheet
from itkgui.views.style import Style, set_role
from itkgui.views.test_runs.test_history_view import TestHistoryView
from itkgui.views.test_runs.test_run_view import TestRunView
from itkgui.views.widgets.raw_view import RawView
from itkgui.views.widgets.tall_page import TallPage, TallTabs

OVERVIEW, TESTS, ATTACHMENTS, FAMILY, HISTORY, COMMENTS, RAW, SHIPMENTS = range(8)
_CORNERS = {Corner.FAMILY: FAMILY, Corner.HISTORY: HISTORY, Corner.TESTS: TESTS, Corner.SHIPMENTS: SHIPMENTS}
_TITLES = (
    N_("Overview"),
    N_("Tests"),
    N_("Attachments"),
    N_("Family"),
    N_("History"),
    N_("Comments"),
    N_("Raw"),
    N_("Shipments"),
)


class ComponentView(DropArea):
    """Shows a component; files dropped anywhere on it are reviewed, then sent to it.

    The strip is there at once; ``complete`` makes the tabs, a frame for each, while it can be seen.
    """

    strip: IdentityStrip

    component_requested = Signal(str)  # code
    shipment_requested = Signal(str)  # id

    def __init__(self, context: ViewContext, style: Style, component: Component) -> None:
        super().__init__(context)
        self.component = component
        self._runs: Sequence[TestRun] = ()
        self._making = ViewTask(self, context.messages.show)
        self._runs_task = ViewTask(self, self._on_runs_failed)
        self._files_task = ViewTask(self, lambda error: self.attachments.show_error(error))
        self._reload_task = ViewTask(self, self._on_reload_failed)
        self._awaited_run = Awaited(self, lambda: self.tabs.widget(TESTS))
        self._style = style
        self.is_complete = False
        self._build()
        self.target_name = shown_text(component.label)
        self.strip.show_component(component)
        self.age_line.note(self.strip, ages.used())

    def _build(self) -> None:
        set_role(self, "page")
        self.strip = IdentityStrip()
        self.strip.reload_requested.connect(self.reload)
        IdentityLinks(self._context, self.strip, lambda: self.component)
        self.tabs = TallTabs()
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._rooms: list[QVBoxLayout] = []
        for title in _TITLES:
            place = QWidget()
            room = QVBoxLayout(place)
            room.setContentsMargins(0, 0, 0, 0)
            self._rooms.append(room)
            self.tabs.addTab(place, _(title))
        self.body.addWidget(self.tabs)
        page = TallPage()
        page.layout_of_content.addWidget(self.strip)
        page.layout_of_content.addWidget(self.age_line)
        page.layout_of_content.addWidget(self.body, 1)
        self.content = page.layout_of_content
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        self.watch = NewerWatch(self, self._ask_for_newer, lambda error: self.strip.tell_doubt(error.title))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.strip.use_little_height(self.is_low)
        super().resizeEvent(event)

    def complete(self) -> None:
        """Make the tabs and begin to load."""
        self._making.start(self._complete())

    async def _complete(self) -> None:
        await asyncio.sleep(0)
        detail = TestRunView(self._context, self._style)  # which is as much work as any tab
        makers: dict[int, Callable[[], QWidget]] = {
            OVERVIEW: self._make_overview,
            TESTS: partial(self._make_tests, detail),
            ATTACHMENTS: self._make_attachments,
            FAMILY: self._make_family,
            HISTORY: self._make_history,
            COMMENTS: self._make_comments,
            RAW: self._make_raw,
            SHIPMENTS: self._make_shipments,
        }
        for tab, make in makers.items():
            await asyncio.sleep(0)
            view = make()
            await asyncio.sleep(0)  # made in one frame, dressed in the next
            self._rooms[tab].addWidget(view)
        self.listen()
        self.is_complete = True
        self._show_component(self.component)
        self._runs_task.start(self._load_runs())

    def _make_overview(self) -> QWidget:
        self.overview = OverviewView(self._context)
        self.overview.subject_opened.connect(self._open)
        return self.overview

    def _make_tests(self, detail: TestRunView) -> QWidget:
        self.tests = TestHistoryView(self._context, detail)
        self.tests.component_requested.connect(self.component_requested)
        self.tests.cancel_requested.connect(self._on_runs_stopped)
        self.tests.attachment_requested.connect(self._on_attachment_requested)
        self.tests.retry_requested.connect(lambda: self._runs_task.start(self._load_runs()))
        return self.tests

    def _make_attachments(self) -> QWidget:
        self.attachments = AttachmentView(self._context)
        self.attachments.add_requested.connect(self.choose_files)
        self.attachments.owner_requested.connect(self._on_owner_requested)
        self.attachments.changed.connect(self.reload)
        self.attachments.retry_requested.connect(lambda: self._runs_task.start(self._load_runs()))
        return self.attachments

    def _make_family(self) -> QWidget:
        self.family = FamilyView(self._context)
        self.family.component_requested.connect(self.component_requested)
        return self.family

    def _make_history(self) -> QWidget:
        self.timeline = TimelineView(self._context)
        self.timeline.subject_opened.connect(self._open)
        return self.timeline

    def _make_comments(self) -> QWidget:
        self.comments = CommentsView(self._context)
        self.comments.comment_added.connect(self.reload)
        return self.comments

    def _make_raw(self) -> QWidget:
        self.raw = RawView(self._context)
        return self.raw

    def _make_shipments(self) -> QWidget:
        self.shipments = ComponentShipments(self._context)
        self.shipments.shipment_requested.connect(self.shipment_requested)
        return self.shipments

    @property
    def has_draft(self) -> bool:
        """Whether a comment was begun and not sent."""
        return self.is_complete and self.comments.has_draft

    def cancel(self) -> None:
        """Stop loading; what is shown stays."""
        self._reload_task.cancel()
        if self.is_complete:
            self.attachments.preview.cancel()
            for view in (self.tests, self.overview, self.family, self.timeline, self.raw, self.shipments):
                view.cancel()

    def detach(self) -> None:
        """Stop making the tabs and listening, before the view goes."""
        self._making.cancel()
        super().detach()

    # Loading -----------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask the server again; what is chosen stays chosen."""
        if self.is_complete:
            self._reload_task.start(self.strip.while_loading(self._reload))

    async def _reload(self) -> None:
        component = await self._context.worker.call(self._context.database.reload, self.component)
        self._context.messages.settle(self._loading_again)
        self.strip.show_component(component)
        self.age_line.note(self.strip, ages.used())
        self._show_component(component)
        self._runs_task.start(self._load_runs(refresh=True))

    @property
    def _loading_again(self) -> str:
        return f"reload-{self.component.key}"

    def _on_reload_failed(self, error: ItkError) -> None:
        self.strip.tell_doubt(error.title)
        self._context.messages.show(error, attempt=self._loading_again)

    async def _ask_for_newer(self) -> None:
        if not self.is_complete or self._reload_task.is_running:
            return
        changes = await self._context.worker.call(self._context.database.changes_since, self.component)
        self.strip.tell_newer(changes)

    async def _load_runs(self, *, refresh: bool = False) -> None:
        self.tests.begin()
        with Arrivals(self.tests, self.tests.add_runs) as arrivals:
            load = partial(self._context.database.test_runs, self.component, arrivals, refresh=refresh)
            runs = await self._context.worker.call(load)
        self._runs = runs
        self.tests.show_runs(runs)
        if self.sheet is not None:
            self.set_targets(self.sheet)
        self._show_attachments(attachments_around(self.component, runs))
        self._files_task.start(self._load_shipments())
        self._show_joined()
        self._choose_wanted_run()

    def _show_component(self, component: Component) -> None:
        """Show what a component tells by itself; what needs its runs follows when they are there."""
        self.watch.put_off()
        self.component = component
        self.target_name = shown_text(component.label)
        self.overview.show_component(component)
        self.tests.show_component(component)
        self.family.show_component(component)
        self.comments.show_component(component)
        self.raw.show_raw(component.raw, "getComponent")
        self.shipments.show_component(component)
        self._show_count(COMMENTS, len(component.comments))

    def _show_joined(self) -> None:
        self.overview.show_runs(self._runs)
        self.timeline.show_timeline(self.component, self._runs)

    async def _load_shipments(self) -> None:
        """Add the attachments of the shipments, which are on no other record."""
        load = self._context.database.attachments_of_all
        found = await self._context.worker.call(load, self.component, self._runs)
        if len(found) != len(self.attachments.table.records):
            self._show_attachments(found)

    def _show_attachments(self, found: Sequence[Attachment]) -> None:
        self.attachments.show_attachments(found, self.component.label, self._runs)
        self._show_count(TESTS, len(self.tests.runs))
        self._show_count(ATTACHMENTS, len(self.attachments.table.records))
        self.choose_new(self.attachments)

    def _show_count(self, tab: int, count: int) -> None:
        title = _(_TITLES[tab])
        self.tabs.setTabText(tab, f"{title} ({count})" if count else title)

    def _on_runs_failed(self, error: ItkError) -> None:
        self.tests.show_error(error)
        self.attachments.show_error(error)
        self._show_joined()

    def _on_runs_stopped(self) -> None:
        self._runs_task.cancel()
        self.attachments.empty.say(_("Loading was stopped."), _("F5 loads the component again."))
        self._show_joined()

    # From one tab to another -------------------------------------------------------------------------------

    def show_tab(self, tab: int) -> None:
        """Show a tab, ready for the arrow keys: of its table, or of the tabs while there is none to see."""
        self.tabs.setCurrentIndex(tab)
        place: QWidget = self.tabs
        if self.is_complete:
            places: dict[int, QWidget] = {
                OVERVIEW: self.overview.due,
                TESTS: self.tests.view,
                ATTACHMENTS: self.attachments.view,
                FAMILY: self.family.view,
                HISTORY: self.timeline.view,
                COMMENTS: self.comments.editor,
                RAW: self.raw.reader,
                SHIPMENTS: self.shipments.list.view,
            }
            if places[tab].isVisibleTo(self):  # or it would take no keys, and leave them to what had them
                place = places[tab]
        place.setFocus()

    def show_run(self, run_id: str) -> None:
        """Show a test run of this component, now or as soon as it is loaded."""
        self._awaited_run.want(run_id)
        self.show_tab(TESTS)
        if self.is_complete and self.tests.runs:
            self._choose_wanted_run()

    def _choose_wanted_run(self) -> None:
        awaited, by_hand = self._awaited_run.take(), self._awaited_run.is_asked_for
        if awaited and not self.tests.choose(awaited, by_hand=by_hand):
            self._context.messages.notify(_("This test run is not among those of the component."), "caution")

    def _on_attachment_requested(self, attachment: Attachment) -> None:
        self.show_tab(ATTACHMENTS)
        self.attachments.choose(attachment.code)

    def _on_owner_requested(self, owner: Owner) -> None:
        if owner.kind is OwnerKind.TEST_RUN:
            self.show_run(owner.key)
        elif owner.kind is OwnerKind.SHIPMENT:
            self.shipment_requested.emit(owner.key)
        else:
            self.show_tab(OVERVIEW)

    def _open(self, subject: Subject | Corner) -> None:
        """Show what an event or a finding is about, here or on a page of its own."""
        if isinstance(subject, Corner):
            self.show_tab(_CORNERS[subject])
        elif isinstance(subject, TestRunSummary):
            self.show_run(subject.id)
        elif isinstance(subject, Attachment):
            self._on_attachment_requested(subject)
        elif isinstance(subject, Shipment):
            self.shipment_requested.emit(subject.id)
        elif subject.key == self.component.key:  # a comment on this very component
            self.show_tab(COMMENTS)
        else:
            self.component_requested.emit(subject.key)

    # Files coming in ---------------------------------------------------------------------------------------

    def set_targets(self, sheet: ReviewSheet) -> None:
        run = self._run_picked
        sheet.set_targets(self.component, self._runs, run.owner if run is not None else None)

    @property
    def _run_picked(self) -> TestRun | None:
        """The run of this component that somebody chose and is looking at; none that the program chose."""
        run = self.tests.detail.run if self.is_complete and self.tabs.currentIndex() == TESTS else None
        if run is None or run.id != self.tests.picked:
            return None
        return next((own for own in self._runs if own.id == run.id), None)

    @property
    def picture_names(self) -> tuple[str, str]:
        run = self._run_picked
        return self.component.label, run.test_type.code if run is not None else ""

    @property
    def owners(self) -> list[Owner]:
        return [self.component.owner, *(run.owner for run in self._runs)]

    def concerns(self, upload: Upload) -> bool:
        """Tell whether an upload goes to the component, or to one of its runs, maybe a new one."""
        return super().concerns(upload) or upload.component == self.component.code != ""

    def await_arrival(self, upload: Upload) -> None:
        if upload.kind is UploadKind.TEST_RUN:
            self._awaited_run.expect(upload.code)
        else:
            super().await_arrival(upload)

    def look_at_run(self, run_id: str = "") -> None:
        self.tabs.setCurrentIndex(TESTS)
        if any(run.id == run_id for run in self._runs):
            self.show_run(run_id)
        elif run_id:  # it came after the page was loaded
            self._awaited_run.want(run_id)
            self.reload()
        elif self.is_complete:
            self.tests.picked = ""  # what is on its way there was for no run of before

    def show_files(self) -> None:
        self.tabs.setCurrentIndex(ATTACHMENTS)
